//! What a file may say, where its faults are told, and that nothing is lost on the way.

use sooner_engine::calendar::Hours;
use sooner_engine::config::{Remote, StepKind};
use sooner_shared::id::RESERVED_WORDS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

use super::*;
use crate::sample;

/// A shop without a fault, 40 lines long.
const GOOD: &str = r#"shop = "corner"
name = "Corner"
zone = "Europe/Budapest"
remote = "never"

[rules]
keep_percent = 97.5
hold_minutes = 10

[hours]
mon = ["09:00-12:00", "13:00-18:00"]
[hours.exceptions]
2026-12-24 = []

[[service]]
id = 1
name = "Cut"
minutes = 30

[[service]]
id = 2
name = "Repair"
promise = "ready"
[[service.step]]
name = "Check in"
kind = "chair"
minutes = 5
by = ["Anna"]
[[service.step]]
name = "Part"
kind = "part"
days = 2

[[staff]]
id = 1
name = "Anna"
place = "chair 1"
does = ["Cut", "Repair"]
[staff.shifts]
mon = ["09:00-12:00"]
"#;

/// The file with one piece of it replaced.
fn with(piece: &str, by: &str) -> String {
    assert!(GOOD.contains(piece), "{piece:?} is not in the file");
    GOOD.replacen(piece, by, 1)
}

fn read(text: &str) -> SetUp {
    SetUp::read(text.as_bytes()).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

/// Spoils the file, and expects these faults: line, column, code and a part of the sentence.
fn check(piece: &str, by: &str, expected: &[(usize, usize, FaultCode, &str)]) {
    let text = with(piece, by);
    let faults = SetUp::read(text.as_bytes()).expect_err("it has a fault");
    let told: Vec<_> = faults.as_slice().iter().map(|f| (f.line, f.column, f.code)).collect();
    let places = expected.iter().map(|&(line, column, code, _)| (line, column, code));
    assert_eq!(told, places.collect::<Vec<_>>(), "{by:?}: {faults}");
    for (fault, (.., said)) in faults.as_slice().iter().zip(expected) {
        assert!(fault.message.contains(said), "{by:?}: {fault}");
    }
}

#[test]
fn a_file_says_all_of_a_shop() {
    let set_up = read(GOOD);
    assert_eq!(set_up.shop().as_str(), "corner");
    assert_eq!(set_up.staff_names(), [(StaffId(1), "Anna".to_owned())]);
    let config = set_up.into_new_shop().config;
    assert_eq!(config.check(), Ok(()));
    assert_eq!((config.name.as_str(), config.zone.as_str()), ("Corner", "Europe/Budapest"));
    assert_eq!((config.keep_permille, config.hold_ms), (975, 600_000));
    assert_eq!((config.step_ms, config.turnaround_ms), (300_000, 60_000), "where nothing is said");
    assert_eq!(config.remote, Remote::Never);
    assert_eq!(config.hours.weekly.mon.len(), 2);
    assert_eq!(config.hours.exceptions.len(), 1);
    let repair = config.service(ServiceId(2)).expect("it is there");
    assert_eq!((repair.promise, repair.nominal_ms), (PromiseKind::Ready, 300_000));
    let kinds: Vec<_> = repair.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [StepKind::Chair, StepKind::Part]);
    assert_eq!(repair.steps[0].by, [StaffId(1)]);
    assert_eq!(repair.steps[1].nominal_ms, 2 * 24 * 3_600_000);
    assert_eq!(config.staff[0].services.len(), 2);
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    use FaultCode::Syntax;
    check("minutes = 30", "minutes = ", &[(18, 11, Syntax, "")]);
    check("name = \"Cut\"", "name = \"Cut", &[(17, 12, Syntax, "")]);
    check("minutes = 30", "minutes = 30\nminutes = 40", &[(19, 1, Syntax, "duplicate key")]);
    check("[hours]", "[rules]", &[(10, 2, Syntax, "duplicate key")]);
    check("zone", "zone: x\nzone", &[(3, 5, Syntax, "")]);
    let faults = SetUp::read(b"shop = \"a\"\nname = \"\xff\"").expect_err("no text");
    assert_eq!(faults.to_string(), "2:9: this is no UTF-8; save the file as UTF-8 (syntax)");
    let faults = SetUp::read(&vec![b'#'; FILE_MAX_BYTES + 1]).expect_err("too large");
    assert_eq!(faults.as_slice()[0].code, FaultCode::TooLarge);
    assert!(SetUp::read("[".repeat(10_000).as_bytes()).is_err(), "and no stack is too small");
}

#[test]
fn keys_that_are_unknown_missing_or_of_another_type_are_told() {
    use FaultCode::{Missing, UnknownKey, WrongType};
    check("hold_minutes", "hold_minuts", &[(8, 1, UnknownKey, "did you mean \"hold_minutes\"?")]);
    check("remote =", "colour =", &[(4, 1, UnknownKey, "only shop, name, zone, remote")]);
    check("mon = [\"09:00-12:00\"]", "monday = []", &[(40, 1, UnknownKey, "only mon, tue")]);
    check(
        "name = \"Cut\"\n",
        "",
        &[
            (15, 1, Missing, "a service needs name, for example: name = \"Haircut\""),
            (37, 9, FaultCode::UnknownService, "no service called \"Cut\""),
        ],
    );
    check("id = 1\nname = \"Anna\"", "name = \"Anna\"", &[(34, 1, Missing, "a person needs id")]);
    check("zone = \"Europe/Budapest\"\n", "", &[(1, 1, Missing, "the shop needs zone")]);
    check("minutes = 30", "", &[(15, 1, Missing, "minutes = 30")]);
    check("minutes = 5\n", "", &[(24, 1, Missing, "minutes = 15")]);
    check(
        "does = [\"Cut\", \"Repair\"]\n",
        "",
        &[
            (28, 7, FaultCode::UnknownStaff, "does not do the service"),
            (34, 1, Missing, "does = [\"Haircut\"]"),
        ],
    );
    check("minutes = 30", "minutes = \"30\"", &[(18, 11, WrongType, "a number, not a text")]);
    check(
        "name = \"Cut\"",
        "name = 5",
        &[
            (17, 8, WrongType, "a text in quotation marks, not a number"),
            (38, 9, FaultCode::UnknownService, ""),
        ],
    );
    check("id = 2", "id = 2.5", &[(21, 6, WrongType, "a whole number")]);
    check(
        "promise = \"ready\"",
        "done_by = 1",
        &[(23, 11, WrongType, "true or false, not a number")],
    );
    check(
        "[hours]\nmon = [\"09:00-12:00\", \"13:00-18:00\"]",
        "[hours]\nmon = \"09:00-18:00\"",
        &[(11, 7, WrongType, "a list in square brackets, not a text")],
    );
    check(
        "[rules]",
        "rules = 5\n[other]",
        &[(6, 9, WrongType, "[rules]"), (7, 2, UnknownKey, "\"other\"")],
    );
}

#[test]
fn a_file_without_services_or_people_says_what_it_needs() {
    let faults = SetUp::read(b"").expect_err("nothing is said");
    let codes: Vec<_> = faults.as_slice().iter().map(|f| (f.line, f.code)).collect();
    assert_eq!(codes, [(1, FaultCode::Missing); 5], "{faults}");
    let start = GOOD.find("[[service]]").expect("it is there");
    let text =
        format!("{}\nservice = []\nstaff = 1", &GOOD[..GOOD.find("[rules]").expect("there")]);
    assert!(text.len() < start);
    let faults = SetUp::read(text.as_bytes()).expect_err("nobody and nothing");
    assert_eq!(faults.as_slice()[0].code, FaultCode::WrongType, "{faults}");
}

#[test]
fn numbers_and_words_outside_of_what_makes_sense_are_told() {
    use FaultCode::{OutOfRange, Twice, UnknownChoice, UnknownZone};
    for (rule, at) in [
        ("keep_percent = 49.9", 16),
        ("keep_percent = 100", 16),
        ("keep_percent = nan", 16),
        ("round_to_minutes = 0", 20),
        ("round_to_minutes = 61", 20),
        ("turnaround_minutes = -1", 22),
        ("overrun_minutes = 721", 19),
        ("unseen_minutes = 9223372036854775807", 18),
    ] {
        check("keep_percent = 97.5", rule, &[(7, at, OutOfRange, "must be")]);
    }
    check("hold_minutes = 10", "hold_minutes = 1441", &[(8, 16, OutOfRange, "0 to 1440")]);
    check("minutes = 30", "minutes = 0", &[(18, 11, OutOfRange, "a second to a day")]);
    check("days = 2", "days = 61", &[(32, 8, OutOfRange, "60 days")]);
    check("id = 2", "id = 0", &[(21, 6, OutOfRange, "1 to 65535")]);
    check("id = 2", "id = 65536", &[(21, 6, OutOfRange, "1 to 65535")]);
    check("id = 2", "id = 1", &[(21, 6, Twice, "the id 1 already"), (38, 16, Twice, "")]);
    check("minutes = 30", "minutes = 30\nhours = 1", &[(19, 9, Twice, "once")]);
    check("\"never\"", "\"sometimes\"", &[(4, 10, UnknownChoice, "\"with_doors\", \"always\"")]);
    check("\"ready\"", "\"done\"", &[(23, 11, UnknownChoice, "\"start\", \"ready\"")]);
    check("kind = \"part\"", "kind = \"table\"", &[(31, 8, UnknownChoice, "\"approval\"")]);
    check(
        "Europe/Budapest",
        "Europe/Budapst",
        &[(3, 8, UnknownZone, "did you mean \"Europe/Budapest\"?")],
    );
    check("Europe/Budapest", "Atlantis", &[(3, 8, UnknownZone, "no time zone")]);
}

#[test]
fn spans_dates_and_hours_that_make_no_sense_are_told() {
    use FaultCode::{BadDate, BadSpan, NoHours, WrongType};
    let usual = "mon = [\"09:00-12:00\", \"13:00-18:00\"]";
    check(usual, "mon = [\"09:00-12:00\", \"18:00-13:00\"]", &[(11, 23, BadSpan, "09:00-18:00")]);
    check(usual, "mon = [\"9-12\"]\ntue = [\"x\"]", &[(11, 8, BadSpan, ""), (12, 8, BadSpan, "")]);
    check(usual, "mon = [9]", &[(11, 8, WrongType, "09:00-18:00")]);
    check("2026-12-24", "2026-02-30", &[(13, 1, BadDate, "2026-12-24")]);
    check("2026-12-24", "christmas", &[(13, 1, BadDate, "2026-12-24")]);
    check("2026-12-24", "2026-1-2", &[(13, 1, BadDate, "2026-12-24")]);
    // An empty list would mean "no rule", which is the contrary of what it says.
    let only_sunday =
        with(usual, "").replace("[hours.exceptions]\n2026-12-24 = []\n", "sun = []\n");
    let faults = SetUp::read(only_sunday.as_bytes()).expect_err("it is never open");
    assert_eq!(faults.as_slice()[0].code, NoHours, "{faults}");
}

#[test]
fn names_of_shops_are_plain_words_that_are_not_reserved() {
    use FaultCode::{BadShopName, OtherShop, ReservedName};
    for word in RESERVED_WORDS {
        let by = format!("shop = {word:?}");
        check("shop = \"corner\"", &by, &[(1, 8, ReservedName, "reserved")]);
    }
    for word in ["", "Corner", "a b", "a--b", "-a", "café"] {
        let by = format!("shop = {word:?}");
        check("shop = \"corner\"", &by, &[(1, 8, BadShopName, "lower-case letters")]);
    }
    let other = "salon".parse().expect("a shop name");
    let faults = SetUp::read_of(&other, GOOD.as_bytes()).expect_err("another shop's");
    assert_eq!(faults.as_slice()[0].code, OtherShop);
    assert_eq!(faults.to_string(), "1:8: this is the file of corner, not of salon (other_shop)");
}

#[test]
fn texts_that_cannot_be_shown_are_told_and_their_spaces_tidied() {
    use FaultCode::BadText;
    check("\"Corner\"", "\" \"", &[(2, 8, BadText, "name is empty")]);
    check(
        "\"Anna\"\nplace",
        "\"Anna\\u202e\"\nplace",
        &[(28, 7, FaultCode::UnknownStaff, ""), (36, 8, BadText, "nobody sees")],
    );
    let long = format!("\"{}\"", "x".repeat(TEXT_MAX_CHARS + 1));
    check("\"chair 1\"", &long, &[(37, 9, BadText, "60 characters at most")]);
    let tidied = read(&with("\"Corner\"", "\"  Corner \\t Shop\""));
    assert_eq!(tidied.config.name, "Corner Shop");
}

#[test]
fn references_that_lead_nowhere_or_are_not_clear_are_told() {
    use FaultCode::{Twice, UnknownService, UnknownStaff, WrongType};
    let does = "does = [\"Cut\", \"Repair\"]";
    check(does, "does = [\"Cut\", \"Repair\", \"Shave\"]", &[(38, 26, UnknownService, "Shave")]);
    check(does, "does = [\"cut\", 2]", &[(38, 9, UnknownService, "did you mean \"Cut\"?")]);
    check(does, "does = [1, 2, 9]", &[(38, 15, UnknownService, "the id 9")]);
    check(does, "does = [1, 2, \"Cut\"]", &[(38, 15, Twice, "twice")]);
    check(does, "does = [1, 2, true]", &[(38, 15, WrongType, "names or ids of a service")]);
    check("by = [\"Anna\"]", "by = [\"Ben\"]", &[(28, 7, UnknownStaff, "called \"Ben\"")]);
    check(does, "does = [\"Cut\"]", &[(28, 7, UnknownStaff, "does not do the service")]);
    check(
        "name = \"Cut\"",
        "name = \"Repair\"",
        &[
            (28, 7, UnknownStaff, "does not do the service"),
            (38, 9, UnknownService, "called \"Cut\""),
            (38, 16, UnknownService, "more than one service is called \"Repair\"; use the id"),
        ],
    );
    let config = read(&with(does, "does = [1, 2]")).config;
    assert_eq!(config.staff[0].services, [ServiceId(1), ServiceId(2)].into());
}

#[test]
fn services_whose_parts_do_not_fit_together_are_told() {
    use FaultCode::{BadService, TooMany};
    check("\"ready\"", "\"start\"", &[(20, 1, BadService, "\"Repair\" waits for a part")]);
    check("\"ready\"", "\"call_back\"", &[(20, 1, BadService, "one step")]);
    check("kind = \"chair\"", "kind = \"time\"", &[(20, 1, BadService, "begins with work")]);
    let step = "[[service.step]]\nname = \"S\"\nkind = \"bench\"\nminutes = 1\n".repeat(11);
    check("\n[[staff]]", &format!("{step}\n[[staff]]"), &[(73, 1, TooMany, "12 steps")]);
    let services = (3..=65).fold(String::new(), |services, id| {
        services + &format!("[[service]]\nid = {id}\nname = \"S{id}\"\nminutes = 1\n")
    });
    check("[[staff]]", &format!("{services}[[staff]]"), &[(282, 1, TooMany, "64 services")]);
}

#[test]
fn every_fault_is_told_at_once_in_the_order_of_the_file() {
    let text = with("zone", "zona").replace("[\"Cut\", \"Repair\"]", "[\"Cut\", \"Repairs\"]");
    let faults = SetUp::read(text.as_bytes()).expect_err("it has faults");
    let lines: Vec<_> = faults.to_string().lines().map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "1:1: the shop needs zone, for example: zone = \"Europe/Budapest\" (missing)",
            "3:1: the shop has no \"zona\"; did you mean \"zone\"? (unknown_key)",
            "28:7: this person does not do the service: see `does` (unknown_staff)",
            "38:16: there is no service called \"Repairs\"; did you mean \"Repair\"? \
             (unknown_service)",
        ]
    );
    let many = format!("{GOOD}{}", "[[staff]]\n".repeat(60));
    let faults = SetUp::read(many.as_bytes()).expect_err("nobody is named");
    assert_eq!(faults.as_slice().len(), 50, "and not without end");
}

#[test]
fn what_is_written_reads_back_as_the_same_shop_and_is_written_the_same() {
    let samples = sample::Kind::ALL.map(|kind| kind.file().to_owned());
    let odd = with("keep_percent = 97.5", "round_to_minutes = 0.0166")
        .replace("\"Corner\"", "\"Fülöp \\\"& Söhne\\\" \\\\ 🪒\"")
        .replace("minutes = 30", "minutes = 0.1")
        .replace("name = \"Repair\"", "name = \"Cut\"\nminutes = 45")
        .replace("[\"Cut\", \"Repair\"]", "[2]");
    let always_open = GOOD.split("[hours]").next().expect("a part").to_owned()
        + &GOOD[GOOD.find("[[service]]").expect("there")..];
    for text in samples.iter().chain([&odd, &always_open, &GOOD.to_owned()]) {
        let first = read(text);
        let written = first.to_toml();
        let second = read(&written);
        assert_eq!(second, first, "{written}");
        assert_eq!(second.to_toml(), written);
    }
    assert_eq!(read(&always_open).config.hours, Hours::default());
}

#[test]
fn a_shop_that_is_changed_keeps_its_seed_and_what_it_was_taught() {
    let new = read(GOOD).into_new_shop();
    let other = read(GOOD).into_new_shop();
    assert_ne!(new.config.seed, other.config.seed, "every shop draws its own");
    let mut present = new.config;
    let taught = sooner_engine::Taught { count: 40, mean_ln: 14.0, ss_ln: 3.0 };
    present.services[1].taught = Some(taught);
    present.paths = 64;
    let next = read(&with("name = \"Cut\"", "name = \"Trim\"").replace("[\"Cut\"", "[\"Trim\""))
        .changing(&present);
    assert_eq!((next.seed, next.paths), (present.seed, 64));
    assert_eq!(next.services[1].taught, Some(taught));
    assert_eq!((next.services[0].name.as_str(), next.services[0].taught), ("Trim", None));
    let exported = SetUp::of(new.id, present.clone(), |_| Some("Anna"));
    let text = exported.to_toml();
    assert_eq!(read(&text).changing(&present), present, "an export changes nothing");
    assert!(!text.contains(&present.seed.to_string()));
}

#[test]
fn names_of_people_are_beside_the_set_up_and_not_in_it() {
    for kind in sample::Kind::ALL {
        let new = sample::new_shop(kind, "UTC");
        let event = sooner_engine::Event::Configured(Box::new(new.config));
        let logged = serde_json::to_string(&event).expect("JSON");
        for (_, name) in new.staff_names {
            assert!(!logged.contains(&name), "{name} is in {logged}");
        }
    }
}

#[test]
fn how_people_are_called_and_for_how_long_is_read_and_where_nothing_is_said_is_mild() {
    use FaultCode::{OutOfRange, UnknownChoice, WrongType};
    use sooner_engine::config::NamesOnWall;
    const DAY_MS: i64 = 24 * 3_600_000;
    let config = |text: &str| read(text).into_new_shop().config;
    let usual = config(GOOD);
    assert_eq!(
        (usual.names_on_wall, usual.erase_after_ms, usual.quiet_hours.is_empty()),
        (NamesOnWall::Initial, 30 * DAY_MS, true)
    );
    let strict = config(&with("remote", "names = \"code\"\nerase_after_days = 1\nremote"));
    assert_eq!((strict.names_on_wall, strict.erase_after_ms), (NamesOnWall::Code, DAY_MS));

    check("remote", "names = \"all\"\nremote", &[(4, 9, UnknownChoice, "\"initial\", \"code\"")]);
    for days in ["0", "366", "0.5"] {
        let by = format!("erase_after_days = {days}\nremote");
        check("remote", &by, &[(4, 20, OutOfRange, "erase_after_days must be 1 to 365")]);
    }
    check("remote", "erase_after_days = \"30\"\nremote", &[(4, 20, WrongType, "a number")]);
}

#[test]
fn how_people_are_addressed_and_in_which_languages_is_read_and_a_slip_is_told() {
    use FaultCode::{Twice, UnknownChoice, WrongType};
    use sooner_shared::words::Language::{En, Hu};
    let config = |text: &str| read(text).into_new_shop().config;
    let usual = config(GOOD);
    assert_eq!((usual.informal, usual.languages), (false, vec![]));
    let said = with("remote", "forms = \"informal\"\nlanguages = [\"hu\", \"en\"]\nremote");
    let said = config(&said);
    assert_eq!((said.informal, said.languages), (true, vec![Hu, En]), "the shop's own first");

    check("remote", "forms = \"warm\"\nremote", &[(4, 9, UnknownChoice, "\"formal\", \"inf")]);
    let tags = |list: &str| format!("languages = {list}\nremote");
    check("remote", &tags("[\"en\", \"fr\"]"), &[(4, 20, UnknownChoice, "en, es, ru, hu")]);
    check("remote", &tags("[\"en\", \"en\"]"), &[(4, 20, Twice, "twice")]);
    check("remote", &tags("[1]"), &[(4, 14, WrongType, "a list of texts")]);
    check("remote", &tags("\"en\""), &[(4, 13, WrongType, "a list in square brackets")]);
}

#[test]
fn quiet_hours_are_the_same_every_day_or_days_like_hours() {
    use FaultCode::{BadSpan, Missing, NoHours, Twice, UnknownKey};
    let quiet = |section: &str| {
        let by = format!("[quiet_hours]\n{section}\n[hours]");
        let set_up = read(&with("[hours]", &by));
        let written = set_up.to_toml();
        let config = set_up.into_new_shop().config;
        assert_eq!(read(&written).to_toml(), written);
        (config.quiet_hours, written)
    };
    for (section, spans) in [
        ("from = \"21:00\"\nto = \"08:00\"", &["00:00-08:00", "21:00-24:00"][..]),
        ("from = \"12:00\"\nto = \"13:30\"", &["12:00-13:30"]),
        ("from = \"22:00\"\nto = \"24:00\"", &["22:00-24:00"]),
        ("from = \"00:00\"\nto = \"24:00\"", &["00:00-24:00"]),
    ] {
        let (week, written) = quiet(section);
        let told: Vec<_> = week.sun.iter().map(ToString::to_string).collect();
        assert_eq!(told, spans, "{section}");
        assert_eq!(week.sun, week.wed);
        assert!(written.contains(&format!("[quiet_hours]\n{section}\n")), "{written}");
    }
    let (week, _) = quiet("from = \"22:00\"\nto = \"00:00\"");
    assert_eq!(week.mon, ["22:00-24:00".parse().expect("a span")]);
    let (week, written) = quiet("fri = [\"22:00-30:00\"]\nsun = [\"00:00-24:00\"]");
    assert!(week.mon.is_empty() && week.fri.len() == 1, "{week:?}");
    assert!(written.contains("[quiet_hours]\nfri = [\"22:00-30:00\"]\nsun"), "{written}");

    let spoilt = |section: &str, expected| {
        check("[hours]", &format!("[quiet_hours]\n{section}\n[hours]"), &[expected]);
    };
    spoilt("from = \"21:00\"", (10, 1, Missing, "needs both"));
    spoilt("from = \"21:00\"\nto = \"21:00\"", (12, 6, BadSpan, "are the same"));
    spoilt("from = \"9:00\"\nto = \"21:00\"", (11, 8, BadSpan, "no clock time"));
    spoilt("from = \"09:00\"\nto = \"24:30\"", (12, 6, BadSpan, "no clock time"));
    spoilt("from = \"21:00\"\nto = \"08:00\"\nmon = [\"09:00-10:00\"]", (11, 8, Twice, "once"));
    spoilt("mon = []", (10, 1, NoHours, "has none"));
    spoilt("until = \"21:00\"", (11, 1, UnknownKey, "quiet_hours has no"));
}
