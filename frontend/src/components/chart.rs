//! Charts: an SVG with a sentence that says what it shows, and under it the same figures as a table.
//! Where things lie is `sooner_shared::chart`'s; colours are the tokens', by class. Time and numbers
//! run from left to right in every language.

pub(crate) mod bars;
pub(crate) mod heat;
pub(crate) mod over_time;
pub(crate) mod scatter;

use leptos::prelude::*;
use sooner_shared::words::Text;

use crate::i18n::I18n;

/// The width of every drawing, in its own pixels.
pub(crate) const WIDTH: f64 = 400.0;

/// A chart with what stands around it.
pub(crate) struct Chart {
    /// For tests.
    pub(crate) testid: &'static str,
    /// What stands over it.
    pub(crate) title: String,
    /// What it shows, as a sentence.
    pub(crate) alt: String,
    /// The height of the drawing.
    pub(crate) height: f64,
    /// What is drawn.
    pub(crate) drawing: AnyView,
    /// What has to be said of it.
    pub(crate) notes: Vec<String>,
    /// The same figures.
    pub(crate) table: Table,
}

/// Figures in rows.
pub(crate) struct Table {
    /// The titles of its columns; the first column names its rows.
    pub(crate) titles: Vec<String>,
    /// Its rows.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Chart {
    /// All of it.
    pub(crate) fn view(self, i18n: I18n) -> AnyView {
        let Self { testid, title, alt, height, drawing, notes, table } = self;
        view! {
            <section class="chart" data-testid=testid>
                <h2>{title}</h2>
                <svg viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-label=alt>
                    {drawing}
                </svg>
                {notes.into_iter().map(|note| view! { <p class="hint">{note}</p> }).collect_view()}
                <details>
                    <summary>{i18n.say(Text::ChartFigures)}</summary>
                    {table.view()}
                </details>
            </section>
        }
        .into_any()
    }
}

impl Table {
    /// All of it. A long one scrolls by itself, not the page.
    pub(crate) fn view(self) -> AnyView {
        // A corner without words is no title of anything.
        let titles = self.titles.into_iter().map(|title| {
            if title.is_empty() {
                view! { <td></td> }.into_any()
            } else {
                view! { <th scope="col">{title}</th> }.into_any()
            }
        });
        let row = |row: Vec<String>| {
            let mut cells = row.into_iter();
            let name = cells.next();
            let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr><th scope="row">{name}</th>{cells}</tr> }
        };
        view! {
            <div class="figures" tabindex="0">
                <table>
                    <thead><tr>{titles.collect_view()}</tr></thead>
                    <tbody>{self.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

/// A label at a place.
pub(crate) fn label(x: f64, y: f64, class: &'static str, text: String) -> AnyView {
    view! { <text x=x y=y class=class>{text}</text> }.into_any()
}

/// A straight line.
pub(crate) fn line(from: (f64, f64), to: (f64, f64), class: &'static str) -> AnyView {
    view! { <line x1=from.0 y1=from.1 x2=to.0 y2=to.1 class=class /> }.into_any()
}
