//! Many runs of the fuzz targets, with the time and the memory of each.
//!
//! The work is done by processes of this same program, not by threads: memory is counted by
//! process, and one that overflows its stack is a finding too.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use sooner_tests::fuzz::{Inputs, TARGETS, Target};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A run that takes longer is a finding.
const LONGEST: Duration = Duration::from_millis(10);

/// Other programs on the machine take time too: what is slow counts when it always is.
const TRIES: u32 = 3;

const USAGE: &str = "\
sooner-fuzz [--runs N] [--target NAME] [--seed X] [--from RUN] [--threads N] [--out FOLDER]

  --runs     in all, shared out over the targets (1,000,000)
  --target   only this one: socket, http, links, setup, browser
  --seed     of the mutations (7)
  --from     the number of the first run: with --runs 1 it repeats one (0)
  --threads  processes at once (2)
  --out      where inputs of findings are written (the present folder)
";

#[derive(Debug, Clone)]
struct Options {
    runs: u64,
    target: Option<Target>,
    seed: u64,
    from: u64,
    threads: u64,
    out: PathBuf,
    /// Whether this process does the work.
    works: bool,
}

/// What came of some runs.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    runs: u64,
    longest_us: u64,
    most_bytes: usize,
    findings: u64,
}

fn main() -> ExitCode {
    let outcome = options().and_then(|options| match options.target {
        Some(target) if options.works => work(target, &options),
        _ => oversee(&options),
    });
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sooner-fuzz: {error}\n\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        runs: 1_000_000,
        target: None,
        seed: 7,
        from: 0,
        threads: 2,
        out: PathBuf::from("."),
        works: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--works" {
            options.works = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--runs" => options.runs = value.replace(['_', ','], "").parse()?,
            "--target" => {
                let target = TARGETS.iter().find(|target| target.name == value);
                options.target = Some(*target.ok_or_else(|| format!("no target {value}"))?);
            }
            "--seed" => options.seed = value.parse()?,
            "--from" => options.from = value.parse()?,
            "--threads" => options.threads = value.parse::<u64>()?.max(1),
            "--out" => options.out = PathBuf::from(value),
            _ => return Err(format!("no such option: {name}").into()),
        }
    }
    Ok(options)
}

/// Starts the processes for one target after the other. Gives how much was found.
fn oversee(options: &Options) -> Result<u64, Box<dyn Error>> {
    println!("target        runs     runs/s   max ms   max bytes  findings");
    let mut found = 0;
    for target in TARGETS {
        if options.target.is_some_and(|only| only.name != target.name) {
            continue;
        }
        let is_alone = options.target.is_some();
        let runs = if is_alone { options.runs } else { options.runs * target.share / 100 };
        let started = Instant::now();
        let tally = share_out(target, runs, options)?;
        let per_second = tally.runs as f64 / started.elapsed().as_secs_f64();
        println!(
            "{:8} {:>9} {per_second:>10.0} {:>8.2} {:>11} {:>9}",
            target.name,
            tally.runs,
            tally.longest_us as f64 / 1e3,
            tally.most_bytes,
            tally.findings
        );
        found += tally.findings;
    }
    Ok(found)
}

fn share_out(target: Target, runs: u64, options: &Options) -> Result<Tally, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let each = runs.div_ceil(options.threads).max(1);
    let mut workers = Vec::new();
    for from in (0..runs).step_by(each as usize) {
        let worker = Command::new(&program)
            .args(["--works", "--target", target.name])
            .args(["--runs", &each.min(runs - from).to_string()])
            .args(["--from", &(options.from + from).to_string()])
            .args(["--seed", &options.seed.to_string()])
            .arg("--out")
            .arg(&options.out)
            .stdout(Stdio::piped())
            .spawn()?;
        workers.push(worker);
    }
    let mut all = Tally::default();
    for worker in workers {
        let part = result(worker, target)?;
        all.runs += part.runs;
        all.longest_us = all.longest_us.max(part.longest_us);
        all.most_bytes = all.most_bytes.max(part.most_bytes);
        all.findings += part.findings;
    }
    Ok(all)
}

/// The worker's last line; one that has none was ended by what it ran.
fn result(mut worker: Child, target: Target) -> Result<Tally, Box<dyn Error>> {
    let mut last = String::new();
    for line in worker.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        last = line?;
    }
    let status = worker.wait()?;
    let numbers: Vec<u64> = last.split(' ').map_while(|word| word.parse().ok()).collect();
    if let [runs, longest_us, most_bytes, findings] = numbers[..] {
        return Ok(Tally { runs, longest_us, most_bytes: most_bytes as usize, findings });
    }
    eprintln!("{}: a worker ended ({status}) after run {last}", target.name);
    Ok(Tally { findings: 1, ..Tally::default() })
}

/// Runs one target, and says on the last line what came of it.
fn work(target: Target, options: &Options) -> Result<u64, Box<dyn Error>> {
    let inputs = Inputs::of(target);
    // What is made once, such as the small shop, is nobody's time and memory.
    panic::set_hook(Box::new(|_| ()));
    for seed in inputs.seeds() {
        judged(target, seed);
    }
    let mut tally = Tally::default();
    let mut out = io::stdout();
    for run in options.from..options.from + options.runs {
        if run % 4096 == 0 {
            // Where to look when this process does not come to its end.
            writeln!(out, "{run}..")?;
        }
        let input = inputs.input(options.seed, run);
        let Judged { mut time, bytes, panicked } = judged(target, &input);
        let mut tries = 1;
        while time > LONGEST && tries <= TRIES {
            time = time.min(judged(target, &input).time);
            tries += 1;
        }
        tally.runs += 1;
        tally.longest_us = tally.longest_us.max(time.as_micros() as u64);
        tally.most_bytes = tally.most_bytes.max(bytes);
        if panicked || time > LONGEST || bytes > target.most_memory {
            tally.findings += 1;
            if tally.findings <= 10 {
                let name = format!("finding-{}-{}-{run}", target.name, options.seed);
                let path = options.out.join(name);
                fs::write(&path, &input)?;
                let what = if panicked { "panicked" } else { "took too much" };
                eprintln!("{what} ({time:?}, {bytes} bytes): {}", path.display());
            }
        }
    }
    let Tally { runs, longest_us, most_bytes, findings } = tally;
    writeln!(out, "{runs} {longest_us} {most_bytes} {findings}")?;
    Ok(0)
}

struct Judged {
    time: Duration,
    bytes: usize,
    panicked: bool,
}

fn judged(target: Target, input: &[u8]) -> Judged {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let started = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let time = started.elapsed();
    Judged { time, bytes: MEMORY.peak_usage().saturating_sub(before), panicked: outcome.is_err() }
}
