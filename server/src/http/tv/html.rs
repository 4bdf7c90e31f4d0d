//! HTML, written so that nothing of what people say becomes part of it.

/// A piece of a document.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Text, of whomever: fit for what stands between tags and in quoted attributes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(c),
            }
        }
        self
    }

    /// Markup of ours, which stands in the program: text that was read or put together has another
    /// lifetime, and does not pass.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A piece that was written so.
    pub(super) fn piece(&mut self, piece: &Self) -> &mut Self {
        self.0.push_str(&piece.0);
        self
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_neither_a_tag_nor_the_end_of_an_attribute() {
        let mut html = Html::default();
        html.raw("<b title=\"").text("\" onclick='x()' & <i>").raw("\">").text("</b><script>");
        assert_eq!(
            html.into_text(),
            "<b title=\"&quot; onclick=&#39;x()&#39; &amp; &lt;i&gt;\">&lt;/b&gt;&lt;script&gt;"
        );
    }
}
