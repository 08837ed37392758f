/// A page that grows. What is not written by [`raw`](Self::raw) is text.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Markup of this crate's own; the type keeps anything else out.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, safe between tags and in quoted attributes.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Nothing that an HTML reader drops or takes for another character.
                c if c.is_control() && c != '\n' => {}
                c => self.0.push(c),
            }
        }
        self
    }

    /// One element (its name and attributes) with text in it.
    pub fn element(&mut self, open: &'static str, text: &str) -> &mut Self {
        let name = open.split(' ').next().unwrap_or_default();
        self.raw("<").raw(open).raw(">").text(text).raw("</").raw(name).raw(">\n")
    }

    pub fn into_text(self) -> String {
        self.0
    }
}
