//! The figures as plain text.

use std::fmt;

use sooner_shared::report::{
    Amends, CELL_FROM, Cells, KindReport, Outcomes, Padding, Promises, Report, Share, Voices,
    Warning,
};

/// A report as people read it in a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a>(pub &'a Report);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { shop, name, zone, from, to, visits, kinds, starts, amends, voices, .. } =
            self.0;
        writeln!(f, "{name} ({shop}), promises made from {from} to {to}, {zone}")?;
        writeln!(f, "{visits} visits; shares with their 95 % interval over days\n")?;
        first_promises(f, kinds)?;
        first_and_last(f, kinds)?;
        moved(f, kinds)?;
        if let Some(starts) = starts {
            for (title, cells) in [
                ("service", Some(&starts.by_service)),
                ("person", starts.by_person.as_ref()),
                ("hour of joining", Some(&starts.by_hour)),
                ("ahead in line", Some(&starts.by_ahead)),
            ] {
                cells.map_or(Ok(()), |cells| cells_of(f, title, cells))?;
            }
        }
        for one in kinds {
            if let Some(warning) = &one.warning {
                writeln!(f, "\n{}: {}", one.kind.as_str(), of_padding(warning))?;
            }
        }
        what_was_done(f, amends)?;
        what_was_said(f, *voices)
    }
}

/// What a warning says.
pub(super) fn of_padding(
    Warning { padding, kept, interval: (low, high), asked }: &Warning,
) -> String {
    let what = match padding {
        Padding::TooLarge => "padding could be smaller",
        Padding::TooSmall => "padding is too small",
    };
    let [kept, low, high, asked] = [kept, low, high, asked].map(|share| percent(*share));
    format!("{what}: {kept} kept ({low} to {high}) where {asked} was asked")
}

fn what_was_done(f: &mut fmt::Formatter<'_>, amends: &Amends) -> fmt::Result {
    if *amends == Amends::default() {
        return Ok(());
    }
    let Amends { remedies, saved_of, saved, prices_accepted, told_in_person, made_good, .. } =
        amends;
    writeln!(f, "\nremedies taken {remedies}: {saved} of {saved_of} promises kept")?;
    writeln!(f, "times moved for others, decided by somebody: {prices_accepted}")?;
    writeln!(f, "later times said in person: {told_in_person}; made good: {made_good}")?;
    if !amends.left_to_owner.is_empty() {
        writeln!(f, "left to the owner: {}", amends.left_to_owner.join(", "))?;
    }
    Ok(())
}

fn what_was_said(f: &mut fmt::Formatter<'_>, voices: Voices) -> fmt::Result {
    let Voices { starts_asked, starts_right, starts_later, good, fair, not_good } = voices;
    if starts_right + starts_later > 0 {
        writeln!(
            f,
            "\nasked whether the start was when it was tapped {starts_asked}: yes {starts_right}, later {starts_later}"
        )?;
    }
    if good + fair + not_good > 0 {
        writeln!(f, "\nthe wait was good {good}, fair {fair}, not good {not_good}")?;
    }
    Ok(())
}

/// A share as people read it.
fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn first_promises(f: &mut fmt::Formatter<'_>, kinds: &[KindReport]) -> fmt::Result {
    writeln!(
        f,
        "{:<16}{:>7}{:>7}{:>8}{:>9}{:>6}{:>10}{:>6}",
        "first promises", "made", "kept", "broken", "left b.", "void", "released", "open"
    )?;
    for one in kinds {
        let Outcomes { made, kept, broken, left_before, void, released, open } = one.first.outcomes;
        let kind = one.kind.as_str();
        writeln!(
            f,
            "{kind:<16}{made:>7}{kept:>7}{broken:>8}{left_before:>9}{void:>6}{released:>10}{open:>6}"
        )?;
    }
    Ok(())
}

fn first_and_last(f: &mut fmt::Formatter<'_>, kinds: &[KindReport]) -> fmt::Result {
    writeln!(
        f,
        "\n{:<16}{:>8}{:>9}{:>18}{:>9}{:>8}{:>8}",
        "share kept", "asked", "kept", "interval", "padding", "early", "late"
    )?;
    for one in kinds {
        let kind = one.kind.as_str();
        let rows = [(kind.to_owned(), &one.first), (format!("{kind}, last"), &one.last)];
        for (title, Promises { share, padding_min, early_min, late_min, .. }) in rows {
            writeln!(
                f,
                "{title:<16}{:>8}{:>9}{:>18}{:>9}{:>8}{:>8}",
                share_or_dash(one.asked),
                share_or_dash(share.share),
                interval(share),
                minutes(*padding_min),
                minutes(*early_min),
                minutes(*late_min)
            )?;
        }
    }
    writeln!(f, "Padding, early and late are mean minutes.")
}

fn moved(f: &mut fmt::Formatter<'_>, kinds: &[KindReport]) -> fmt::Result {
    writeln!(
        f,
        "\n{:<16}{:>7}{:>9}{:>12}{:>8}{:>11}{:>14}{:>10}{:>7}",
        "told later",
        "visits",
        "of all",
        "of broken",
        "lead",
        "≥ 15 min",
        "false alarms",
        "earlier",
        "by"
    )?;
    for one in kinds {
        let (later, earlier) = (&one.later, &one.earlier);
        writeln!(
            f,
            "{:<16}{:>7}{:>9}{:>12}{:>8}{:>11}{:>14}{:>10}{:>7}",
            one.kind.as_str(),
            later.visits,
            share_or_dash(later.share),
            share_or_dash(later.broken_told_share),
            minutes(later.lead_median_min),
            share_or_dash(later.lead_15_share),
            later.false_alarms,
            earlier.visits,
            minutes(earlier.mean_min)
        )?;
    }
    writeln!(f, "Lead is the median, earlier by the mean, in minutes.")
}

fn cells_of(f: &mut fmt::Formatter<'_>, title: &str, of: &Cells) -> fmt::Result {
    writeln!(
        f,
        "\n{:<26}{:>9}{:>9}{:>18}",
        format!("starts by {title}"),
        "count",
        "kept",
        "interval"
    )?;
    for cell in &of.cells {
        let share = &cell.share;
        writeln!(
            f,
            "{:<26}{:>9}{:>9}{:>18}",
            cell.label,
            share.count,
            share_or_dash(share.share),
            interval(share)
        )?;
    }
    if of.left_out > 0 {
        let (cells, promises) = (of.left_out, of.left_out_promises);
        writeln!(f, "left out, under {CELL_FROM} each: {cells}, with {promises} promises")?;
    }
    if of.nowhere > 0 {
        writeln!(f, "without one: {} promises", of.nowhere)?;
    }
    Ok(())
}

fn share_or_dash(share: Option<f64>) -> String {
    share.map_or_else(dash, percent)
}

fn interval(share: &Share) -> String {
    share
        .interval
        .map_or_else(dash, |(low, high)| format!("{:.1} to {:.1} %", low * 100.0, high * 100.0))
}

fn minutes(minutes: Option<f64>) -> String {
    minutes.map_or_else(dash, |min| format!("{min:.1}"))
}

fn dash() -> String {
    "–".to_owned()
}
