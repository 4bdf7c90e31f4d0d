//! The commands of the program.

mod backtest;
mod demo;
mod events;
mod https;
mod links;
mod replay;
mod report;
mod serve;
mod shop;

use clap::{Parser, Subcommand};

/// Tells everyone who waits a time, and beats it.
#[derive(Debug, Parser)]
#[command(name = "sooner", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Runs the board.
    Serve(serve::Serve),
    /// Prints the log as JSON lines.
    Events(events::Events),
    /// Takes a shop's set-up from a file, or writes it to one.
    #[command(subcommand)]
    Shop(shop::Shop),
    /// Shows a shop at work, with simulated people, or measures its promises.
    Demo(demo::Demo),
    /// Scores promises against a recorded or made-up queue.
    Backtest(backtest::Backtest),
    /// Prints how a shop's promises ended.
    Report(report::Report),
    /// Plays a recorded day against the server and scores its promises.
    Replay(replay::Replay),
}

impl Cli {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Serve(serve) => serve.run().await,
            Action::Events(events) => events.run().await,
            Action::Shop(shop) => shop.run().await,
            Action::Demo(demo) => demo.run().await,
            Action::Backtest(backtest) => backtest.run(),
            Action::Report(report) => report.run().await,
            Action::Replay(replay) => replay.run().await,
        }
    }
}
