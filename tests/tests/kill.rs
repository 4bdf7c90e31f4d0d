//! The real program, killed with SIGKILL at random moments while people join and staff tap.
//!
//! Every client does what a screen does: what was not answered is sent again under the same id.
//! SIGKILL takes the process away but not the machine: that the disk keeps what `fsync` promised
//! is SQLite's and the system's to hold.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Instant;

use sooner_engine::{Event, Recorded, Shop};
use sooner_server::clock::Clock;
use sooner_server::shops::Registry;
use sooner_server::store::{Store, read_events};
use sooner_shared::command::{JoinRequest, VisitRequest};
use sooner_shared::view::View;
use sooner_shared::wire::{Audience, ClientMessage, CloseCode, ServerMessage, Snapshot};
use sooner_shared::{Command, CommandId, Maker, Problem, ProblemCode, Receipt, StaffId, VisitId};
use sooner_tests::http;
use sooner_tests::patience::{in_time, tell};
use sooner_tests::program::{self, Program};
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, SALON, fresh_id, named, salon};
use sooner_tests::screen::{Heard, Screen, Socket};
use tokio::sync::Notify;
use tokio::task::JoinSet;

const KILLS: u32 = 50;
const PEOPLE: u64 = 3;

type Answer = Result<Receipt, Problem>;

/// A command and its answer, once there is one.
#[derive(Debug, Clone)]
struct Deed {
    id: CommandId,
    command: Command,
    /// The visit's link, where the command goes over HTTP and is about one.
    link: Option<String>,
    answer: Option<Answer>,
}

/// Counter-based random numbers (splitmix64): the moments are the same in every run, what the
/// server is doing then is not.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// Fires after so many things were sent, or after so many were answered.
#[derive(Debug)]
struct Trigger {
    left: AtomicI64,
    on_sent: bool,
    fired: Notify,
}

impl Trigger {
    fn sent(&self) {
        self.count(self.on_sent);
    }

    fn answered(&self) {
        self.count(!self.on_sent);
    }

    fn count(&self, counts: bool) {
        if counts && self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.fired.notify_one();
        }
    }
}

/// Somebody with work to do. What was not answered is done again first.
#[derive(Debug)]
struct Client {
    role: Role,
    dice: Dice,
    deeds: Vec<Deed>,
    /// Answers of deeds that had been answered before, asked for once more.
    confirmed: usize,
}

#[derive(Debug)]
enum Role {
    /// Joins, and sometimes checks in or leaves.
    Person(u64),
    /// Calls and serves.
    Staff { staff: StaffId, chair: Option<VisitId>, begun: bool },
}

/// What a client works with in one life of the server.
struct Line<'a> {
    server: SocketAddr,
    desk: Option<Socket>,
    trigger: &'a Trigger,
}

/// The server went away.
struct Gone;

impl Line<'_> {
    async fn send(&mut self, deed: &Deed) -> Result<Answer, Gone> {
        self.trigger.sent();
        let answer = match &mut self.desk {
            Some(desk) => tap(desk, deed).await?,
            None => post(self.server, deed).await?,
        };
        self.trigger.answered();
        Ok(answer)
    }
}

async fn post(server: SocketAddr, deed: &Deed) -> Result<Answer, Gone> {
    let id = deed.id.clone();
    let answer = match (&deed.command, &deed.link) {
        (Command::Join(join), _) => {
            let request = JoinRequest { id, join: join.clone() };
            http::post(server, &format!("/api/shops/{SALON}/visits"), &request).await
        }
        (Command::CheckIn { .. }, Some(link)) => {
            let path = format!("/api/visits/{link}/check-in");
            http::post(server, &path, &VisitRequest::new(id)).await
        }
        (Command::Leave { .. }, Some(link)) => {
            http::post(server, &format!("/api/visits/{link}/leave"), &VisitRequest::new(id)).await
        }
        other => panic!("people do not {other:?}"),
    };
    let answer = answer.map_err(|_| Gone)?;
    Ok(if answer.status < 400 { Ok(answer.accepted()) } else { Err(answer.problem()) })
}

async fn tap(desk: &mut Socket, deed: &Deed) -> Result<Answer, Gone> {
    let command = deed.command.clone();
    desk.say(&ClientMessage::Command { id: deed.id.clone(), command, by: None, tapped_at: None })
        .await;
    loop {
        match desk.hear().await {
            Heard::Message(message) => match *message {
                ServerMessage::Accepted { id, receipt } if id == deed.id => return Ok(Ok(receipt)),
                ServerMessage::Refused { id: Some(id), problem } if id == deed.id => {
                    return Ok(Err(problem));
                }
                _ => {}
            },
            Heard::Closed(_) | Heard::Broken => return Err(Gone),
        }
    }
}

impl Client {
    fn new(role: Role, seed: u64) -> Self {
        Self { role, dice: Dice(seed), deeds: Vec::new(), confirmed: 0 }
    }

    /// Works until the server goes away, or until `enough`.
    async fn work(&mut self, server: &Server, trigger: &Trigger, enough: Option<usize>) {
        let desk = match self.role {
            Role::Person(_) => None,
            Role::Staff { .. } => match at_desk(server).await {
                Some(desk) => Some(desk),
                None => return,
            },
        };
        let mut line = Line { server: server.address, desk, trigger };
        // Who is cut off takes up the work in the server's next life.
        let _ = self.go_on(&mut line, enough).await;
    }

    async fn go_on(&mut self, line: &mut Line<'_>, enough: Option<usize>) -> Result<(), Gone> {
        self.ask_again(line).await?;
        let mut done = 0;
        while enough.is_none_or(|enough| done < enough) {
            let (command, theirs) = self.next_command();
            self.deeds.push(Deed { id: fresh_id(), command, link: theirs, answer: None });
            self.carry_out(line).await?;
            done += 1;
        }
        Ok(())
    }

    /// Sends the last two deeds again: the one that was answered must get the same answer, the
    /// one that was not gets its only one.
    async fn ask_again(&mut self, line: &mut Line<'_>) -> Result<(), Gone> {
        let answered = self.deeds.iter().rev().find(|deed| deed.answer.is_some());
        if let Some(deed) = answered {
            let again = line.send(deed).await?;
            assert_eq!(Some(again), deed.answer, "a retry gets the first answer: {deed:?}");
            self.confirmed += 1;
        }
        if self.deeds.last().is_some_and(|deed| deed.answer.is_none()) {
            self.carry_out(line).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, line: &mut Line<'_>) -> Result<(), Gone> {
        let deed = self.deeds.last_mut().expect("there is something to do");
        let answer = line.send(deed).await?;
        deed.answer = Some(answer.clone());
        let command = deed.command.clone();
        self.learn(&command, &answer);
        Ok(())
    }

    /// What a person or a member of the staff does next.
    fn next_command(&mut self) -> (Command, Option<String>) {
        match &self.role {
            Role::Person(number) => {
                let number = *number;
                let last = self.deeds.last().and_then(joined);
                match (last, self.dice.below(10)) {
                    (Some((visit, link)), 0..3) => (Command::CheckIn { visit }, Some(link)),
                    (Some((visit, link)), 3..7) => (Command::Leave { visit }, Some(link)),
                    _ => {
                        let service = if self.dice.below(2) == 0 { CUT } else { COLOUR };
                        let name = format!("Person {number} {}", self.deeds.len());
                        (Command::Join(named(service, &name)), None)
                    }
                }
            }
            &Role::Staff { staff, chair: Some(visit), begun: false } => {
                (Command::Start { visit, staff }, None)
            }
            &Role::Staff { staff, chair, .. } => {
                let alone = self.deeds.last().is_some_and(nobody_waited);
                if alone {
                    (Command::AddWalkIn(named(CUT, "Walk In")), None)
                } else {
                    (Command::CallNext { staff, after: chair }, None)
                }
            }
        }
    }

    fn learn(&mut self, command: &Command, answer: &Answer) {
        let Role::Staff { chair, begun, .. } = &mut self.role else { return };
        match (command, answer) {
            (Command::CallNext { .. }, Ok(receipt)) => {
                *chair = receipt.visit;
                *begun = false;
            }
            (Command::Start { .. }, Ok(_)) => *begun = true,
            // Left on the way to the chair.
            (Command::Start { .. }, Err(_)) => *chair = None,
            (Command::CallNext { .. }, Err(problem)) => {
                assert_ne!(problem.code, ProblemCode::ChairChanged, "the chair is theirs alone");
            }
            _ => {}
        }
    }
}

async fn at_desk(server: &Server) -> Option<Socket> {
    let mut desk = Socket::try_connect(server.address).await?;
    let shop = SALON.parse().expect("a shop name");
    let audience = Audience::Desk { shop, key: Some(server.desk_key.clone()) };
    desk.say(&ClientMessage::Hello { audience, resume: None }).await;
    matches!(desk.hear().await, Heard::Message(_)).then_some(desk)
}

fn joined(deed: &Deed) -> Option<(VisitId, String)> {
    let receipt = deed.answer.as_ref()?.as_ref().ok()?;
    matches!(deed.command, Command::Join(_)).then_some(())?;
    Some((receipt.visit?, receipt.link.clone()?))
}

fn nobody_waited(deed: &Deed) -> bool {
    match (&deed.command, &deed.answer) {
        (Command::CallNext { .. }, Some(Err(p))) => p.code == ProblemCode::NobodyWaiting,
        (Command::CallNext { .. }, Some(Ok(receipt))) => receipt.visit.is_none(),
        _ => false,
    }
}

/// What clients know of the server.
#[derive(Debug, Clone)]
struct Server {
    address: SocketAddr,
    desk_key: String,
}

/// The log, checked: its chain by reading it, its numbers, and that it gives a shop.
async fn sound_log(folder: &Path) -> Vec<Recorded> {
    let logged = read_events(folder, None).await.expect("the chain holds after a kill");
    let log: Vec<_> = logged.into_iter().map(|line| line.recorded).collect();
    assert!(log.iter().map(|r| r.seq).eq(1..=log.len() as u64), "numbers have no gaps");
    assert!(log.is_sorted_by_key(|r| r.at), "times do not run backwards");
    let shop = Shop::replay(&log).expect("the log gives a shop");
    assert_eq!(shop.seq, log.len() as u64);
    log
}

/// The fact that an accepted command stands for, at the end of its events or right before a
/// promise or a score.
fn is_recorded(log: &[Recorded], command: &Command, receipt: &Receipt) -> bool {
    let end = receipt.seq as usize;
    let Some(events) = log.get(end.saturating_sub(2)..end) else { return false };
    events.iter().any(|recorded| match (command, &recorded.event) {
        (Command::Join(_), Event::Joined { visit, by_staff: false, .. })
        | (Command::AddWalkIn(_), Event::Joined { visit, by_staff: true, .. })
        | (Command::CallNext { .. }, Event::Called { visit, .. }) => receipt.visit == Some(*visit),
        (Command::CallNext { after, .. }, Event::Finished { visit, .. }) => {
            receipt.visit.is_none() && *after == Some(*visit)
        }
        (Command::Start { visit: asked, staff: by }, Event::Started { visit, staff, .. }) => {
            (asked, by) == (visit, staff)
        }
        (Command::CheckIn { visit: asked }, Event::CheckedIn { visit })
        | (Command::Leave { visit: asked }, Event::Left { visit }) => asked == visit,
        _ => false,
    })
}

/// Facts of a log, and the commands that stand for them, kind by kind.
fn facts(log: &[Recorded]) -> [usize; 6] {
    let count = |is: fn(&Event) -> bool| log.iter().filter(|r| is(&r.event)).count();
    [
        count(|e| matches!(e, Event::Joined { by_staff: false, .. })),
        count(|e| matches!(e, Event::Joined { by_staff: true, .. })),
        count(|e| matches!(e, Event::Called { .. })),
        count(|e| matches!(e, Event::Started { .. })),
        count(|e| matches!(e, Event::CheckedIn { .. })),
        count(|e| matches!(e, Event::Left { .. })),
    ]
}

fn accepted_facts(deeds: &[&Deed]) -> [usize; 6] {
    let count = |is: fn(&Command, &Receipt) -> bool| {
        let receipts = deeds.iter().filter_map(|d| Some((d, d.answer.as_ref()?.as_ref().ok()?)));
        receipts.filter(|(deed, receipt)| is(&deed.command, receipt)).count()
    };
    [
        count(|c, _| matches!(c, Command::Join(_))),
        count(|c, _| matches!(c, Command::AddWalkIn(_))),
        count(|c, r| matches!(c, Command::CallNext { .. }) && r.visit.is_some()),
        count(|c, _| matches!(c, Command::Start { .. })),
        count(|c, _| matches!(c, Command::CheckIn { .. })),
        count(|c, _| matches!(c, Command::Leave { .. })),
    ]
}

/// The salon with everybody on duty.
async fn make_salon(folder: &Path) {
    let store = Store::open(folder).await.expect("opens");
    let shops = Registry::open(store.clone(), Clock::Real).await.expect("opens");
    let shop = shops.create(salon()).await.expect("is made");
    for staff in [ANNA, BEN, CLEO] {
        shop.command(fresh_id(), Command::GoOnDuty { staff }, Maker::Operator)
            .await
            .expect("goes on duty");
    }
    drop((shop, shops, store));
    in_time("the folder is free", async {
        while Store::open(folder).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing_that_was_acknowledged_and_double_nothing() {
    let started = Instant::now();
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    make_salon(folder.path()).await;
    let mut clients: Vec<_> = (0..PEOPLE).map(|n| Client::new(Role::Person(n), n)).collect();
    for (seed, staff) in (100..).zip([ANNA, BEN]) {
        clients.push(Client::new(Role::Staff { staff, chair: None, begun: false }, seed));
    }
    let mut dice = Dice(2026);
    let (mut unanswered, mut carried_out) = (0, 0);
    for _ in 0..KILLS {
        let trigger = Trigger {
            left: AtomicI64::new(6 + dice.below(60) as i64),
            on_sent: dice.below(2) == 0,
            fired: Notify::new(),
        };
        clients = work_until_killed(folder.path(), clients, trigger, dice.below(40)).await;
        let log = sound_log(folder.path()).await;
        let deeds: Vec<_> = clients.iter().flat_map(|client| &client.deeds).collect();
        check_acknowledged(&log, &deeds);
        let open = deeds.iter().filter(|deed| deed.answer.is_none()).count();
        // What the kill caught between the disk and the answer.
        let extra: usize =
            facts(&log).iter().sum::<usize>() - accepted_facts(&deeds).iter().sum::<usize>();
        assert!(extra <= open, "more facts than commands");
        unanswered += open;
        carried_out += extra;
    }
    let program = Program::serve(folder.path(), 0).await;
    let server = Server { address: program.address, desk_key: program.desk_key.clone() };
    let never = Trigger { left: AtomicI64::new(i64::MAX), on_sent: false, fired: Notify::new() };
    for client in &mut clients {
        client.work(&server, &never, Some(0)).await;
    }
    let deeds: Vec<_> = clients.iter().flat_map(|client| &client.deeds).collect();
    assert!(deeds.iter().all(|deed| deed.answer.is_some()), "all retries were answered");
    every_link_opens(server.address, &deeds).await;
    program.kill();

    let log = sound_log(folder.path()).await;
    check_acknowledged(&log, &deeds);
    assert_eq!(facts(&log), accepted_facts(&deeds), "each command once");
    assert_eq!(printed_log(folder.path()).await, log, "`sooner events` prints the log");
    let confirmed: usize = clients.iter().map(|client| client.confirmed).sum();
    assert!(unanswered > 0 && confirmed > 0, "the kills came too early or too late to tell");
    tell(&format!(
        "{KILLS} kills in {:.0?}: {} commands acknowledged, 0 lost, 0 doubled; {} of them asked \
         again got the same answer; {unanswered} were cut off, {carried_out} of those after they \
         were durable; {} events",
        started.elapsed(),
        deeds.len(),
        confirmed,
        log.len(),
    ));
}

/// One life of the server, from its start to the trigger.
async fn work_until_killed(
    folder: &Path,
    clients: Vec<Client>,
    trigger: Trigger,
    hesitation: u64,
) -> Vec<Client> {
    let program = Program::serve(folder, 0).await;
    let server = Server { address: program.address, desk_key: program.desk_key.clone() };
    let trigger = Arc::new(trigger);
    let mut tasks: JoinSet<Client> = clients
        .into_iter()
        .map(|mut client| {
            let (server, trigger) = (server.clone(), Arc::clone(&trigger));
            async move {
                client.work(&server, &trigger, None).await;
                client
            }
        })
        .collect();
    tokio::select! {
        () = in_time("there is something to interrupt", trigger.fired.notified()) => {}
        Some(ended) = tasks.join_next() => {
            ended.expect("no client meets a wrong answer");
            panic!("a client lost the server before it was killed");
        }
    }
    for _ in 0..hesitation {
        tokio::task::yield_now().await;
    }
    program.kill();
    let mut clients = Vec::new();
    while let Some(ended) = in_time("clients notice the kill", tasks.join_next()).await {
        clients.push(ended.expect("no client meets a wrong answer"));
    }
    clients
}

fn check_acknowledged(log: &[Recorded], deeds: &[&Deed]) {
    let mut ends = BTreeSet::new();
    for deed in deeds {
        if let Some(Ok(receipt)) = &deed.answer {
            assert!(is_recorded(log, &deed.command, receipt), "lost: {deed:?}");
            assert!(ends.insert(receipt.seq), "two commands for one event: {deed:?}");
        }
    }
}

async fn every_link_opens(server: SocketAddr, deeds: &[&Deed]) {
    let opened = AtomicUsize::new(0);
    for (visit, link) in deeds.iter().filter_map(|deed| joined(deed)) {
        let answer = http::get(server, &format!("/api/visits/{link}")).await;
        let fresh: Snapshot = answer.unwrap_or_else(|e| panic!("{e:?}")).accepted();
        let View::Visit(view) = fresh.view else { panic!("a link opens a visit") };
        assert_eq!(view.visit, visit);
        assert!(view.name.starts_with("Person"), "names survive, too");
        opened.fetch_add(1, Ordering::Relaxed);
    }
    assert!(opened.into_inner() > 0, "somebody joined");
}

async fn printed_log(folder: &Path) -> Vec<Recorded> {
    let printed = program::run(&["events", "--data", folder.to_str().expect("a plain path")]).await;
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = String::from_utf8(printed.stdout).expect("JSON is text");
    text.lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect()
}

#[tokio::test]
async fn a_second_server_on_the_folder_and_a_port_that_is_taken_are_told_clearly() {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let data = folder.path().to_str().expect("a plain path").to_owned();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", &data];
    let said = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();

    let running = Program::serve(folder.path(), 0).await;
    let second = program::run(&serve).await;
    assert!(!second.status.success());
    assert!(said(&second).contains("another server"), "{}", said(&second));
    let listen = running.address.to_string();
    let other = tempfile::tempdir().expect("there is room for a temporary folder");
    let other = other.path().to_str().expect("a plain path").to_owned();
    let taken = program::run(&["serve", "--listen", &listen, "--data", &other]).await;
    assert!(!taken.status.success());
    assert!(said(&taken).contains("in use"), "{}", said(&taken));
    assert_eq!(http::get(running.address, "/livez").await.expect("lives").status, 200);
    running.kill();

    let nothing = program::run(&["events", "--data", &other]).await;
    assert!(!nothing.status.success());
    assert!(said(&nothing).contains("no log"), "{}", said(&nothing));
}

#[tokio::test]
async fn asked_to_end_it_tells_its_screens_and_ends_in_order() {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let running = Program::serve(folder.path(), 0).await;
    let audience = Audience::Desk {
        shop: SALON.parse().expect("a name"),
        key: Some(running.desk_key.clone()),
    };
    let mut desk = Screen::open(running.address, audience.clone()).await;
    let joined = desk.tap(Command::AddWalkIn(named(CUT, "Kata"))).await.expect("joins");
    let ended = running.ask_to_end();
    let (ended, closed) = tokio::join!(ended, desk.socket.closed_with());
    assert_eq!(closed, CloseCode::ShuttingDown.number());
    assert!(ended.success(), "{ended}");

    let again = Program::serve(folder.path(), 0).await;
    let desk = Screen::open(again.address, audience).await;
    assert!(desk.desk().cards.contains_key(&joined.visit.expect("a visit")));
}
