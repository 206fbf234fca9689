//! The README does what it says: its commands run, and what it shows is what they print.
//!
//! A block that begins with ```` ```sh ```` is run, in order, all in one empty folder. Two words change that: `no-run`
//! (it wants cargo or servers) and `needs-NAME` (skipped where there is no program of that name). Every line of a
//! ```` ```text ```` block must be among what the last block printed; an ellipsis stands for anything.
#![cfg(all(feature = "cli", unix))]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use credit_seed::scenario::{KEYS, env_names};
use tempfile::TempDir;

const README: &str = include_str!("../README.md");
const ENV_EXAMPLE: &str = include_str!("../.env.example");
const PROGRAM: &str = env!("CARGO_BIN_EXE_credit-seed");

struct Block {
    /// From 1, of its opening fence.
    line: usize,
    /// What stands behind the fence.
    info: Vec<&'static str>,
    text: String,
}

fn blocks(markdown: &'static str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in markdown.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => {
                open = Some(Block { line: number + 1, info: info.split(' ').collect(), text: String::new() });
            }
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => (),
        }
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}

/// A command that hears nothing of our environment but the path, on which the program comes first.
fn clean(program: &str, folder: &Path) -> Command {
    let ours = Path::new(PROGRAM).parent().expect("a program lies in a folder").display();
    let path = format!("{ours}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command.env_clear().env("PATH", path).current_dir(folder);
    command
}

fn sh(script: &str, folder: &Path) -> Output {
    clean("sh", folder).args(["-e", "-c", script]).output().expect("there is a shell")
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Is there what a word such as `needs-jq` asks for?
fn is_there(need: &str, folder: &Path) -> bool {
    let tool = need.strip_prefix("needs-").unwrap_or_else(|| panic!("{need:?} is neither no-run nor needs-NAME"));
    sh(&format!("command -v {tool}"), folder).status.success()
}

/// Is `line` what `pattern` says? `…` stands for anything.
fn fits(pattern: &str, line: &str) -> bool {
    let (pattern, line) = (pattern.trim_end(), line.trim_end());
    let Some((head, mut pattern)) = pattern.split_once('…') else { return pattern == line };
    let Some(mut rest) = line.strip_prefix(head) else { return false };
    while let Some((part, next)) = pattern.split_once('…') {
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
        pattern = next;
    }
    rest.ends_with(pattern)
}

#[test]
fn its_commands_run_and_print_what_it_shows() {
    let folder = TempDir::new().unwrap();
    let mut output = None;
    let mut wrong = String::new();
    for block in blocks(README) {
        let line = block.line;
        match block.info[..] {
            ["sh", "no-run"] => output = None,
            ["sh", ref needs @ ..] => {
                output = None;
                if let Some(tool) = needs.iter().find(|tool| !is_there(tool, folder.path())) {
                    eprintln!("README.md:{line}: skipped, {tool}");
                    continue;
                }
                let result = sh(&block.text, folder.path());
                let text = printed(&result);
                assert!(result.status.success(), "README.md:{line}: {}\n{text}", result.status);
                output = Some(text);
            }
            ["text"] => {
                let Some(output) = &output else { continue };
                let is_printed = |shown: &&str| output.lines().any(|line| fits(shown, line));
                let missing: Vec<&str> = block.text.lines().filter(|shown| !is_printed(shown)).collect();
                if !missing.is_empty() {
                    let missing = missing.join("\n");
                    wrong += &format!("README.md:{line} shows\n{missing}\nbut this was printed:\n{output}\n");
                }
            }
            _ => (),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn it_names_every_command() {
    let folder = TempDir::new().unwrap();
    let help = printed(&sh("credit-seed -h", folder.path()));
    let verbs: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|verb| !verb.is_empty() && *verb != "help")
        .collect();
    assert!(verbs.contains(&"validate"), "{help}");
    for verb in verbs {
        assert!(README.contains(&format!("credit-seed {verb}")), "README.md says nothing of `credit-seed {verb}`");
    }
}

/// Names and values of `.env.example`, as if their comment signs were gone.
fn examples() -> Vec<(&'static str, &'static str)> {
    let pair = |line: &'static str| {
        let (name, value) = line.strip_prefix("# ").unwrap_or(line).split_once('=')?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        is_name.then(|| (name, value.split('#').next().unwrap_or_default().trim()))
    };
    ENV_EXAMPLE.lines().filter_map(pair).collect()
}

#[test]
fn every_variable_of_the_example_is_known() {
    let names: Vec<String> = KEYS.iter().flat_map(env_names).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(examples().len() > 15, "the example has variables");
    for (name, value) in examples().into_iter().filter(|(name, _)| !names.iter().any(|known| known == name)) {
        let mut config = clean(PROGRAM, root);
        config.args(["config", "--format", "json"]).env("DB_HOST", "localhost");
        config.env(name, if value.is_empty() { "x" } else { value });
        let output = config.output().unwrap();
        assert!(output.status.success(), "{name}: {}", printed(&output));
        let settings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let from = settings["database_url"]["from"].as_str().unwrap();
        assert!(name.starts_with("CREDIT_SEED_") || from.contains(name), "{name} is not taken; the address is {from}");
    }
}

#[test]
fn the_example_can_be_uncommented() {
    let folder = TempDir::new().unwrap();
    let dotenv: String = ENV_EXAMPLE
        .lines()
        .map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.split(' ').next().unwrap_or("").contains('=')).unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(folder.path().join(".env"), dotenv).unwrap();
    fs::create_dir(folder.path().join("configs")).unwrap();
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/default.yaml");
    fs::copy(default, folder.path().join("configs/default.yaml")).unwrap();
    let output = sh("credit-seed config", folder.path());
    assert!(output.status.success(), "{}", printed(&output));
    assert!(printed(&output).contains("# .env CREDIT_SEED_SEED"), "{}", printed(&output));
}
