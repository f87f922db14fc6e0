//! The load of a reporting deadline, as a program of its own: it prepares an installation with many units, plays them against a
//! running server, and measures. `benches/load.sh` puts the parts together.

mod client;
mod measure;
mod play;
mod prepare;
mod programme;
mod register;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Any failure, with a sentence for whoever runs the measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "The load of a reporting deadline")]
struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Makes an installation: a programme with one form, units with their people signed in, open windows with empty reports.
    Prepare(prepare::Options),
    /// Takes a long made-up list into the register, changes some of its units, and asks the search box.
    Register(register::Options),
    /// Plays the units against a running server and prints one line of measures.
    Play(play::Options),
    /// Looks into the data base whether everything that was acknowledged is there.
    Verify(play::Check),
}

/// Where an installation and what the generator knows of it are kept.
#[derive(Debug, Clone, clap::Args)]
struct Place {
    /// Folder of the installation.
    #[arg(long)]
    data: PathBuf,
}

impl Place {
    fn database(&self) -> String {
        format!("sqlite:{}", self.data.join("youju.sqlite").display())
    }

    fn programmes(&self) -> PathBuf {
        self.data.join("programmes")
    }

    fn units(&self) -> PathBuf {
        self.data.join("units.json")
    }

    fn acknowledged(&self) -> PathBuf {
        self.data.join("acknowledged.json")
    }
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match Options::parse().act {
            Act::Prepare(options) => prepare::run(&options).await,
            Act::Register(options) => register::run(&options).await,
            Act::Play(options) => play::run(&options).await,
            Act::Verify(options) => play::verify(&options).await,
        }
    })
}
