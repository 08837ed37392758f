//! The tree behind a view, for whoever is not counting bytes: HTML for a server's first paint,
//! text for snapshots. None of it is in a bundle.

use alloc::{string::String, vec::Vec};
use funfair_host_api::json::{Reader, Wire, read};

/// A node of a view: an element, or a text where the tag is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The element's tag.
    pub tag: String,
    /// A text's words.
    pub text: String,
    /// The element's attributes, in the order in which they were written.
    pub attrs: Vec<(String, String)>,
    /// What is in it.
    pub kids: Vec<Node>,
}

impl Node {
    /// Reads what a page wrote; an empty text where it is something else.
    pub fn read(json: &str) -> Self {
        read(json).unwrap_or_default()
    }

    /// An element by its tag, its attributes and what is in it.
    pub fn element(tag: &str, attrs: &[(&str, &str)], kids: Vec<Self>) -> Self {
        let attrs = attrs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Self { tag: tag.into(), text: String::new(), attrs, kids }
    }

    fn set_head(&mut self, head: &str) {
        let mut words = head.split(' ');
        let mut names = words.next().unwrap_or_default().split('.');
        self.tag = names.next().unwrap_or_default().into();
        let classes: Vec<_> = names.collect();
        if !classes.is_empty() {
            self.attrs.push(("class".into(), classes.join(" ")));
        }
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            self.attrs.push((name.into(), value.into()));
        }
    }

    /// The tree as HTML, every text and value escaped: first paint from a server, pages without
    /// script. Keys are the shell's and stay away.
    pub fn html(&self) -> String {
        let mut out = String::new();
        self.write_html(&mut out);
        out
    }

    fn write_html(&self, out: &mut String) {
        if self.tag.is_empty() {
            return escape(&self.text, out);
        }
        out.push('<');
        out.push_str(&self.tag);
        for (name, value) in self.attrs.iter().filter(|(name, _)| *name != "key") {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        out.push('>');
        for kid in &self.kids {
            kid.write_html(out);
        }
        out.push_str("</");
        out.push_str(&self.tag);
        out.push('>');
    }

    /// The tree as a reader meets it, one element a line: what snapshots hold. A drawing is one
    /// line, however many strokes it has.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        self.write_outline(0, &mut out);
        out
    }

    fn write_outline(&self, depth: usize, out: &mut String) {
        out.push_str(&"  ".repeat(depth));
        if self.tag.is_empty() {
            out.push('"');
            out.push_str(&self.text);
            out.push_str("\"\n");
            return;
        }
        out.push_str(&self.tag);
        for (name, value) in &self.attrs {
            if name == "class" {
                out.push('.');
                out.push_str(&value.replace(' ', "."));
            } else if is_told(name) {
                out.push(' ');
                out.push_str(name);
                out.push_str(if value.is_empty() { "" } else { "=" });
                out.push_str(value);
            }
        }
        out.push('\n');
        if self.tag != "svg" {
            for kid in &self.kids {
                kid.write_outline(depth + 1, out);
            }
        }
    }
}

/// Attributes that say what something is or does, not how it is drawn.
fn is_told(name: &str) -> bool {
    name.starts_with("aria-")
        || name.starts_with("data-")
        || matches!(name, "role" | "part" | "scope" | "hidden" | "lang" | "id" | "tabindex")
}

impl Wire for Node {
    fn write(&self, _: &mut String) {}
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut node = Self::default();
        if input.peek() == b'"' {
            node.text = String::read(input)?;
            return Some(node);
        }
        let mut head = true;
        input.array(&mut |input| {
            if head {
                head = false;
                node.set_head(&String::read(input)?);
            } else if input.peek() == b'{' {
                input.object(&mut |input, name| {
                    node.attrs.push((name.into(), String::read(input)?));
                    Some(())
                })?;
            } else {
                node.kids.push(<Self as Wire>::read(input)?);
            }
            Some(())
        })?;
        Some(node)
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
