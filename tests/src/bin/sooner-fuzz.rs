//! Many runs of the fuzz targets, with the time and the memory of each.
//!
//! The work is done by processes of this same program: memory is counted by process, and one that
//! overflows its stack is a finding too. That is smaller here than the stacks of the server's threads.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use sooner_tests::fuzz::{BLOCK_RUNS, Block, Inputs, TARGETS, Target};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A run that takes longer is a finding.
const LONGEST: Duration = Duration::from_millis(10);

/// A run that takes more memory at once is one too, in bytes.
const MOST_MEMORY: usize = 1024 * 1024;

/// Other programs on the machine take time too: what is slow counts when it always is.
const TRIES: u32 = 4;

/// So often is run what is slow all the same, to see how much of the time was the processor's.
const MEASURED: u32 = 40;

/// What is sooner over is not measured again.
const SHORT: Duration = Duration::from_millis(1);

/// The server's threads have twice as much, in bytes.
const STACK: usize = 1024 * 1024;

/// Findings of one process of which the inputs are written.
const WRITTEN_MAX: u64 = 10;

const USAGE: &str = "\
sooner-fuzz [--runs N] [--seconds S] [--target NAME] [--seed X] [--from RUN] [--threads N]
            [--out FOLDER] [--input FILE]

  --runs     in all, shared out over the targets (1,000,000)
  --seconds  for each target at most
  --target   only this one: socket, http, links, setup, browser, records
  --seed     of the mutations (7)
  --from     the number of the first run: with --runs 1 it repeats one (0)
  --threads  processes at once (as many as the machine has cores)
  --out      where inputs of findings are written (the present folder)
  --input    runs this file alone, of any size, and says what it took
";

#[derive(Debug, Clone)]
struct Options {
    runs: u64,
    limit: Option<Duration>,
    target: Option<Target>,
    seed: u64,
    from: u64,
    threads: u64,
    out: PathBuf,
    input: Option<PathBuf>,
    /// Whether this process does the work.
    works: bool,
}

/// What came of some runs.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    runs: u64,
    longest_us: u64,
    most_bytes: u64,
    panics: u64,
    /// Too slow, or with too much memory.
    heavy: u64,
    kept: u64,
}

fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
    let outcome = thread.map_err(|error| error.to_string()).and_then(|thread| {
        thread.join().unwrap_or_else(|_| Err("panicked besides the runs".to_owned()))
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

/// Gives how much was found.
fn run() -> Result<u64, String> {
    let outcome = options().and_then(|options| match (&options.input, options.target) {
        (Some(path), Some(target)) => one(target, path),
        (Some(_), None) => Err("--input wants a --target".into()),
        (None, Some(target)) if options.works => work(target, &options),
        _ => oversee(&options),
    });
    outcome.map_err(|error| error.to_string())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        runs: 1_000_000,
        limit: None,
        target: None,
        seed: 7,
        from: 0,
        threads: std::thread::available_parallelism().map_or(2, |n| n.get() as u64),
        out: PathBuf::from("."),
        input: None,
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
            "--seconds" => options.limit = Some(Duration::from_secs(value.parse()?)),
            "--target" => {
                let target = TARGETS.iter().find(|target| target.name == value);
                options.target = Some(*target.ok_or_else(|| format!("no target {value}"))?);
            }
            "--seed" => options.seed = value.parse()?,
            "--from" => options.from = value.parse()?,
            "--threads" => options.threads = value.parse::<u64>()?.max(1),
            "--out" => options.out = PathBuf::from(value),
            "--input" => options.input = Some(PathBuf::from(value)),
            _ => return Err(format!("no such option: {name}").into()),
        }
    }
    Ok(options)
}

/// Starts the processes for one target after the other. Gives how much was found.
fn oversee(options: &Options) -> Result<u64, Box<dyn Error>> {
    println!("target        runs     runs/s   max ms   max bytes      kept  panics   heavy");
    let (mut runs_in_all, mut found) = (0, 0);
    for target in TARGETS {
        if options.target.is_some_and(|only| only.name != target.name) {
            continue;
        }
        let is_alone = options.target.is_some();
        let runs = if is_alone { options.runs } else { options.runs * target.share / 100 };
        let started = Instant::now();
        let tally = share_out(target, runs, options)?;
        let per_second = tally.runs as f64 / started.elapsed().as_secs_f64();
        let Tally { runs, longest_us, most_bytes, panics, heavy, kept } = tally;
        println!(
            "{:8} {runs:>9} {per_second:>10.0} {:>8.2} {most_bytes:>11} {kept:>9} {panics:>7} \
             {heavy:>7}",
            target.name,
            longest_us as f64 / 1e3,
        );
        runs_in_all += runs;
        found += panics + heavy;
    }
    println!("{runs_in_all} runs, {found} findings");
    Ok(found)
}

/// Each process gets blocks of its own, whole but for the last.
fn share_out(target: Target, runs: u64, options: &Options) -> Result<Tally, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let each = runs.div_ceil(options.threads).max(1);
    let each = if each > BLOCK_RUNS { each.next_multiple_of(BLOCK_RUNS) } else { each };
    let mut workers = Vec::new();
    for from in (0..runs).step_by(each as usize) {
        let mut worker = Command::new(&program);
        worker
            .args(["--works", "--target", target.name])
            .args(["--runs", &each.min(runs - from).to_string()])
            .args(["--from", &(options.from + from).to_string()])
            .args(["--seed", &options.seed.to_string()])
            .arg("--out")
            .arg(&options.out);
        if let Some(limit) = options.limit {
            worker.args(["--seconds", &limit.as_secs().to_string()]);
        }
        workers.push(worker.stdout(Stdio::piped()).spawn()?);
    }
    let mut all = Tally::default();
    for worker in workers {
        let part = result(worker, target)?;
        all.runs += part.runs;
        all.longest_us = all.longest_us.max(part.longest_us);
        all.most_bytes = all.most_bytes.max(part.most_bytes);
        all.panics += part.panics;
        all.heavy += part.heavy;
        all.kept += part.kept;
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
    if let [runs, longest_us, most_bytes, panics, heavy, kept] = numbers[..] {
        return Ok(Tally { runs, longest_us, most_bytes, panics, heavy, kept });
    }
    eprintln!("{}: a worker ended ({status}) after run {last}", target.name);
    Ok(Tally { panics: 1, ..Tally::default() })
}

/// Runs one target, and says on the last line what came of it.
fn work(target: Target, options: &Options) -> Result<u64, Box<dyn Error>> {
    let inputs = Inputs::of(target);
    panic::set_hook(Box::new(|_| ()));
    // What is made once, such as the small shops, is nobody's time and memory.
    for seed in inputs.seeds() {
        judged(target, seed);
    }
    let started = Instant::now();
    let to = options.from + options.runs;
    let mut tally = Tally::default();
    let mut out = io::stdout();
    let mut block = Block::of(&inputs, options.seed, options.from);
    while block.run() < to {
        let run = block.run();
        if run % BLOCK_RUNS == 0 {
            tally.kept += block.kept().len() as u64;
            block = Block::of(&inputs, options.seed, run);
        }
        if run % 4096 == 0 {
            // Where to look when this process does not come to its end.
            writeln!(out, "{run}..")?;
            if options.limit.is_some_and(|limit| started.elapsed() >= limit) {
                break;
            }
        }
        let input = block.input();
        let mut judged_run = judged(target, &input);
        if panic::catch_unwind(AssertUnwindSafe(|| (target.check)(&input))).is_err() {
            judged_run.way = None;
        }
        if run >= options.from {
            let longest = Duration::from_micros(tally.longest_us).max(SHORT);
            for _ in 1..TRIES {
                if judged_run.time > longest {
                    judged_run.time = judged_run.time.min(judged(target, &input).time);
                }
            }
            if judged_run.time > LONGEST
                && let Some(time) = time_of_processor(target, &input)
            {
                judged_run.time = judged_run.time.min(time);
            }
            count(&mut tally, &judged_run, &input, target, options, run)?;
        }
        block.ran(input, judged_run.way);
    }
    tally.kept += block.kept().len() as u64;
    let Tally { runs, longest_us, most_bytes, panics, heavy, kept } = tally;
    writeln!(out, "{runs} {longest_us} {most_bytes} {panics} {heavy} {kept}")?;
    Ok(0)
}

fn count(
    tally: &mut Tally,
    judged: &Judged,
    input: &[u8],
    target: Target,
    options: &Options,
    run: u64,
) -> io::Result<()> {
    let &Judged { time, bytes, way } = judged;
    let is_heavy = time > LONGEST || bytes > MOST_MEMORY;
    tally.runs += 1;
    tally.longest_us = tally.longest_us.max(time.as_micros() as u64);
    tally.most_bytes = tally.most_bytes.max(bytes as u64);
    tally.panics += u64::from(way.is_none());
    tally.heavy += u64::from(is_heavy);
    if (way.is_none() || is_heavy) && tally.panics + tally.heavy <= WRITTEN_MAX {
        let path = options.out.join(format!("finding-{}-{}-{run}", target.name, options.seed));
        fs::write(&path, input)?;
        let what = if way.is_none() { "panicked" } else { "took too much" };
        eprintln!("{what} ({time:?}, {bytes} bytes): {}", path.display());
    }
    Ok(())
}

/// Runs one file, panics aloud, and says what it took.
fn one(target: Target, path: &PathBuf) -> Result<u64, Box<dyn Error>> {
    let input = fs::read(path)?;
    // The small shops are made by the first run.
    judged(target, b"");
    let Judged { time, bytes, way } = judged(target, &input);
    println!("{} bytes: {time:?}, {bytes} bytes at once", input.len());
    (target.check)(&input);
    Ok(u64::from(way.is_none()))
}

/// The time that a run takes of the processor, without that of other programs: the mean of many, since
/// the system counts it in ticks. `None` where it does not say.
fn time_of_processor(target: Target, input: &[u8]) -> Option<Duration> {
    let so_far = || {
        let all = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        all.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    };
    let before = so_far()?;
    for _ in 0..MEASURED {
        judged(target, input);
    }
    let time = so_far()?.checked_sub(before)?;
    (!time.is_zero()).then_some(time / MEASURED)
}

struct Judged {
    time: Duration,
    bytes: usize,
    /// What became of it; nothing when it panicked.
    way: Option<u64>,
}

fn judged(target: Target, input: &[u8]) -> Judged {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let started = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let time = started.elapsed();
    let bytes = MEMORY.peak_usage().saturating_sub(before);
    Judged { time, bytes, way: outcome.ok() }
}
