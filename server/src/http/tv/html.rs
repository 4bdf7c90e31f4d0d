//! HTML, written so that nothing of what people say becomes part of it.

use sooner_shared::own_page;

/// A piece of a document.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Text, of whomever: fit for what stands between tags and in quoted attributes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&own_page::escaped(text));
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
