//! Taking away what our migrations made, and nothing else.

use super::{Database, Dialect, MARKER, MIGRATIONS, VIEW};
use crate::error::{Error, Result};
use crate::model::TABLES;

/// What a reset would remove: what is ours of views, and of tables, with their rows.
#[derive(Clone, Debug, Default)]
pub struct ResetPlan {
    pub views: Vec<&'static str>,
    pub tables: Vec<(&'static str, i64)>,
}

impl Database {
    /// What [`Database::reset`] would remove. Refuses where it would.
    pub async fn plan_reset(&mut self) -> Result<ResetPlan> {
        let present = self.tables().await?;
        self.refuse_strangers(&present).await?;
        let has = |name: &str| present.iter().any(|table| table == name);
        if !has(MARKER) {
            return Ok(ResetPlan::default());
        }
        let ours: Vec<&'static str> = ours().filter(|name| has(name)).collect();
        let views = self.views().await?;
        let is_view = |name: &str| views.iter().any(|view| view == name);
        if let Some(name) = ours.iter().find(|name| is_view(name) != (**name == VIEW)) {
            return Err(Error::Refused(format!(
                "{name} is a {} here, which credit-seed did not make; nothing was touched. Remove it yourself first",
                if is_view(name) { "view" } else { "table" }
            )));
        }
        let dependants = self.dependants().await?;
        if !dependants.is_empty() {
            return Err(Error::Refused(format!(
                "tables that credit-seed did not make refer to ours ({}); nothing was touched. \
                 Remove those references first, or give another database with --database-url",
                dependants.join(", ")
            )));
        }
        let mut plan = ResetPlan::default();
        for name in ours {
            if name == VIEW {
                plan.views.push(name);
                continue;
            }
            plan.tables.push((name, self.count(&format!("SELECT COUNT(*) FROM {name}")).await?));
        }
        Ok(plan)
    }

    /// Removes our tables and makes them again, empty. An empty database is simply set up.
    pub async fn reset(&mut self) -> Result<ResetPlan> {
        self.lock().await?;
        let plan = self.reset_locked().await;
        self.unlock().await;
        plan
    }

    async fn reset_locked(&mut self) -> Result<ResetPlan> {
        let plan = self.plan_reset().await?;
        // MySQL commits each DROP by itself; the marker goes last, so that a reset cut off can be run again.
        self.begin().await?;
        let views = plan.views.iter().map(|view| ("view", view));
        for (kind, name) in views.chain(plan.tables.iter().map(|(table, _)| ("table", table))) {
            if let Err(error) = self.execute(&format!("DROP {kind} {name}"), &[]).await {
                self.roll_back();
                return Err(Error::Database(format!("cannot remove the {kind} {name}: {error}")));
            }
        }
        self.commit().await?;
        self.migrate().await?;
        Ok(plan)
    }

    async fn views(&mut self) -> Result<Vec<String>> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "SELECT lower(name) FROM sqlite_schema WHERE type = 'view'",
            Dialect::Postgres => {
                "SELECT lower(table_name)::text FROM information_schema.views WHERE table_schema = current_schema()"
            }
            Dialect::MySql => {
                "SELECT CAST(lower(table_name) AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE()"
            }
        };
        self.texts(sql).await
    }

    /// Tables and views of others that refer to ours, as `theirs -> ours`.
    async fn dependants(&mut self) -> Result<Vec<String>> {
        let names = ours().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let sql = match self.dialect() {
            Dialect::Sqlite => format!(
                "SELECT m.name || ' -> ' || f.\"table\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
                 WHERE m.type = 'table' AND lower(f.\"table\") IN ({names}) AND lower(m.name) NOT IN ({names}) ORDER BY 1"
            ),
            Dialect::Postgres => format!(
                "SELECT DISTINCT c.conrelid::regclass::text || ' -> ' || c.confrelid::regclass::text \
                 FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid JOIN pg_class f ON f.oid = c.conrelid \
                 WHERE c.contype = 'f' AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND t.relname IN ({names}) \
                 AND NOT (f.relnamespace = t.relnamespace AND f.relname IN ({names})) \
                 UNION SELECT view_schema || '.' || view_name || ' -> ' || table_name \
                 FROM information_schema.view_table_usage \
                 WHERE table_schema = current_schema() AND table_name IN ({names}) \
                 AND NOT (view_schema = table_schema AND view_name IN ({names})) ORDER BY 1"
            ),
            Dialect::MySql => format!(
                "SELECT CAST(CONCAT(table_schema, '.', table_name, ' -> ', referenced_table_name) AS CHAR) \
                 FROM information_schema.key_column_usage WHERE referenced_table_schema = DATABASE() \
                 AND referenced_table_name IN ({names}) \
                 AND NOT (table_schema = DATABASE() AND table_name IN ({names})) ORDER BY 1"
            ),
        };
        self.texts(&sql).await
    }
}

/// All that our migrations make: the view, tables before their parents, the marker last.
fn ours() -> impl Iterator<Item = &'static str> {
    [VIEW].into_iter().chain(TABLES.iter().rev().map(|table| table.name())).chain([MIGRATIONS, MARKER])
}
