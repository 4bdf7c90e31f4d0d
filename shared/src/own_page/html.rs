//! Writing HTML: everything that is not ours is escaped, by type.

/// A piece of a page. Only [`Html::element`] and its kin write tags; texts and values are escaped.
#[derive(Debug, Default)]
pub(super) struct Html(String);

/// An attribute's value, if the attribute is there.
pub(super) enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// There or not, without a value.
    Is(bool),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(is: bool) -> Self {
        Self::Is(is)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Is(false), Into::into)
    }
}

/// Attributes of an element: their names are ours.
pub(super) type Attributes<'a> = &'a [(&'static str, Value<'a>)];

impl Html {
    /// What `write` writes.
    pub(super) fn of(write: impl FnOnce(&mut Self)) -> String {
        let mut html = Self::default();
        write(&mut html);
        html.0
    }

    /// `<name …>` without an end: `input`, `img`.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes) {
        self.0 += "<";
        self.0 += name;
        for (name, value) in attributes {
            if matches!(value, Value::Is(false)) {
                continue;
            }
            self.0 += " ";
            self.0 += name;
            match value {
                Value::Text(text) => {
                    self.0 += "=\"";
                    self.escape(text);
                    self.0 += "\"";
                }
                Value::Number(number) => {
                    self.0 += "=\"";
                    self.0 += &number.to_string();
                    self.0 += "\"";
                }
                Value::Is(_) => {}
            }
        }
        self.0 += ">";
    }

    /// An element with what `within` writes.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: Attributes,
        within: impl FnOnce(&mut Self),
    ) {
        self.void(name, attributes);
        within(self);
        self.0 += "</";
        self.0 += name;
        self.0 += ">";
    }

    /// An element with a text.
    pub(super) fn line(&mut self, name: &'static str, attributes: Attributes, text: &str) {
        self.element(name, attributes, |html| html.text(text));
    }

    /// The same, and nothing at all where there is no text.
    pub(super) fn maybe(
        &mut self,
        name: &'static str,
        attributes: Attributes,
        text: Option<String>,
    ) {
        if let Some(text) = text {
            self.line(name, attributes, &text);
        }
    }

    /// A part that is written anew as one, of what was written here before.
    pub(super) fn part(&mut self, name: &'static str, inner: &str) {
        self.void("div", &[("class", "part".into()), ("data-part", name.into())]);
        self.0 += inner;
        self.0 += "</div>";
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.escape(text);
    }

    fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, special) = rest.split_at(at);
            self.0 += before;
            self.0 += match special.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            };
            rest = &special[1..];
        }
        self.0 += rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_cannot_leave_their_place() {
        let evil = "\"'><script>&";
        let html = Html::of(|html| {
            html.element("p", &[("title", evil.into()), ("data-n", 3_i64.into())], |html| {
                html.text(evil);
                html.void("input", &[("hidden", true.into()), ("disabled", false.into())]);
            });
            html.maybe("p", &[], None);
        });
        let safe = "&quot;&#39;&gt;&lt;script&gt;&amp;";
        assert_eq!(html, format!("<p title=\"{safe}\" data-n=\"3\">{safe}<input hidden></p>"));
    }
}
