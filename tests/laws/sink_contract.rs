//! What every sink promises: the rows of a batch are all there or none, and after an error there is no more.

use std::sync::Arc;

use credit_seed::Result;
use credit_seed::error::Error;
use credit_seed::generate::{Block, World, unfold};
use credit_seed::manifest::Manifest;
use credit_seed::pipeline::{Plan, pour};
use credit_seed::schema::Rows;
use credit_seed::seeding::Seeded;
use credit_seed::sinks::database::{Book, Loader};
use credit_seed::sinks::{Memory, Progress, Sink};

use crate::runs::{SMALL_BATCHES, cut_off};
use crate::servers::engines;
use crate::worlds;

/// Goes on with a run that stopped at the book, in two sealed batches and a third that it leaves open; `kept` looks at what
/// is in the sink for good, from outside. Returns what must be left when the sink is gone.
async fn contract<S: Sink>(world: &World, book: &Book, sink: &mut S, kept: impl AsyncFn(&S) -> Manifest) -> Manifest {
    let mut sealed = book.tables.clone();
    let mut next = book.next_customer;
    assert_eq!(kept(sink).await, sealed);
    for _ in 0..2 {
        let block = unfold(world, next..next + 5);
        write(sink, &block).await;
        assert_eq!(kept(sink).await, sealed, "rows are seen before the batch is sealed");
        block.tables().iter().for_each(|rows| sealed.add_rows(*rows));
        next += 5;
        sink.seal(&Progress { next_customer: next, written: sealed.clone(), complete: false }).await.unwrap();
        assert_eq!(kept(sink).await, sealed, "a sealed batch is there as a whole");
    }
    write(sink, &unfold(world, next..next + 5)).await;
    assert_eq!(kept(sink).await, sealed);
    sealed
}

async fn write<S: Sink>(sink: &mut S, block: &Block) {
    for rows in block.tables().into_iter().filter(|rows| !rows.is_empty()) {
        sink.write(rows).await.unwrap();
    }
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    let scenario = worlds::of(40);
    let kept = async |memory: &Memory| worlds::manifest_of(&memory.rows);
    contract(&World::new(&scenario), &Book::new(&scenario), &mut Memory::default(), kept).await;
}

#[tokio::test]
async fn loaders_keep_the_contract() {
    let scenario = worlds::of(50);
    for test in engines() {
        let book = cut_off(&test, &scenario).await;
        let mut database = test.open().await;
        let mut loader = Loader::new(&mut database, &book);
        let kept = async |_: &Loader| test.open().await.recompute().await.unwrap();
        let left = contract(&World::new(&scenario), &book, &mut loader, kept).await;
        drop(loader);
        assert_eq!(database.recompute().await.unwrap(), left, "{:?}", test.dialect);
        let outcome = database.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await.unwrap();
        assert_eq!(outcome.manifest, worlds::manifest(&scenario), "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), outcome.manifest, "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn a_loader_takes_no_more_after_an_error() {
    let scenario = worlds::of(50);
    let world = World::new(&scenario);
    for test in engines() {
        let book = cut_off(&test, &scenario).await;
        let mut database = test.open().await;
        let mut loader = Loader::new(&mut database, &book);
        write(&mut loader, &unfold(&world, book.next_customer..book.next_customer + 5)).await;
        // Customers that are there already.
        let again = unfold(&world, 0..1);
        let error = loader.write(&again.customers).await.unwrap_err().to_string();
        assert!(error.contains("customers"), "{:?}: {error}", test.dialect);
        let unwritten = unfold(&world, 40..41);
        assert!(loader.write(&unwritten.customers).await.is_err(), "{:?}", test.dialect);
        let progress = Progress { next_customer: 50, written: Manifest::default(), complete: true };
        assert!(loader.seal(&progress).await.is_err(), "{:?}", test.dialect);
        drop(loader);
        // On the same connection: the batch was rolled back, not left open.
        assert_eq!(database.recompute().await.unwrap(), book.tables, "{:?}", test.dialect);
        let outcome = database.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await.unwrap();
        assert_eq!(outcome.seeded, Seeded::Resumed { from: book.next_customer }, "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), worlds::manifest(&scenario), "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn a_connection_that_was_left_within_a_batch_can_seed_again() {
    let scenario = worlds::of(50);
    let world = World::new(&scenario);
    let mut wrong = Vec::new();
    for test in engines() {
        let book = cut_off(&test, &scenario).await;
        let mut database = test.open().await;
        // As when the future of a seeding is dropped, by a timeout for one.
        let mut loader = Loader::new(&mut database, &book);
        loader.write(&unfold(&world, book.next_customer..book.next_customer + 5).customers).await.unwrap();
        drop(loader);
        match database.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await {
            Ok(_) => assert_eq!(database.recompute().await.unwrap(), worlds::manifest(&scenario), "{:?}", test.dialect),
            Err(error) => {
                // Whatever became of this connection, the next one must be able to go on.
                drop(database);
                let next = test.open().await.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await;
                wrong.push(format!(
                    "{:?}: {error}; on the next connection: {:?}",
                    test.dialect,
                    next.map(|done| done.seeded)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

struct FailsOnSecondWrite<S> {
    inner: S,
    writes: u32,
}

impl<S: Sink> Sink for FailsOnSecondWrite<S> {
    async fn write(&mut self, rows: &dyn Rows) -> Result<()> {
        self.writes += 1;
        if self.writes == 2 {
            return Err(Error::Sink("the second write fails".to_owned()));
        }
        self.inner.write(rows).await
    }

    async fn seal(&mut self, progress: &Progress) -> Result<()> {
        self.inner.seal(progress).await
    }
}

#[tokio::test]
async fn a_sink_that_fails_leaves_whole_batches() {
    let scenario = worlds::of(50);
    let world = Arc::new(World::new(&scenario));
    for test in engines() {
        let book = cut_off(&test, &scenario).await;
        let mut database = test.open().await;
        let mut sink = FailsOnSecondWrite { inner: Loader::new(&mut database, &book), writes: 0 };
        let plan = Plan { customers: book.next_customer..50, written: book.tables.clone(), batch_size: 10, jobs: 2 };
        let mut sealed = 0;
        let error = pour(&world, plan, &mut sink, &mut |_| sealed += 1).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), sealed), ("the second write fails", 0), "{:?}", test.dialect);
        drop(sink);

        assert_eq!(database.recompute().await.unwrap(), book.tables, "{:?}", test.dialect);
        let outcome = database.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await.unwrap();
        assert_eq!(outcome.seeded, Seeded::Resumed { from: book.next_customer }, "{:?}", test.dialect);
        assert_eq!(outcome.manifest, worlds::manifest(&scenario), "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), outcome.manifest, "{:?}", test.dialect);
    }
}
