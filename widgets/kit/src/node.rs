use alloc::{string::String, vec::Vec};
use funfair_host_api::json::write_str;

/// A piece of a widget's face: an element or a text.
///
/// The shell makes real nodes of it (never by parsing markup), the server makes HTML of it,
/// snapshots make text of it.
///
/// ```
/// use funfair_kit::{el, text};
/// let node = el("p", "note").attr("role", "status").with(text("50 points are yours"));
/// assert_eq!(node.json(), r#"["p",{"class":"note","role":"status"},"50 points are yours"]"#);
/// assert_eq!(node.html(), r#"<p class="note" role="status">50 points are yours</p>"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Node {
    /// Empty for a text.
    pub(crate) tag: &'static str,
    pub(crate) text: String,
    pub(crate) attrs: Vec<(&'static str, String)>,
    pub(crate) kids: Vec<Node>,
}

/// An element; an empty class leaves the attribute away.
pub fn el(tag: &'static str, class: &str) -> Node {
    let node = Node { tag, ..Node::default() };
    if class.is_empty() { node } else { node.attr("class", class) }
}

/// A text.
pub fn text(text: &str) -> Node {
    Node { text: text.into(), ..Node::default() }
}

impl Node {
    /// With an attribute.
    pub fn attr(mut self, name: &'static str, value: &str) -> Self {
        self.attrs.push((name, value.into()));
        self
    }

    /// With an attribute where `yes`.
    pub fn attr_if(self, yes: bool, name: &'static str, value: &str) -> Self {
        if yes { self.attr(name, value) } else { self }
    }

    /// With the message that a click on it sends.
    pub fn on(self, press: &str) -> Self {
        self.attr("data-do", press)
    }

    /// With a key: among its siblings it is the same node in the next view, wherever it stands.
    pub fn key(self, key: &str) -> Self {
        self.attr("key", key)
    }

    /// With one more child.
    pub fn with(mut self, kid: Self) -> Self {
        self.kids.push(kid);
        self
    }

    /// With one more child where there is one.
    pub fn with_some(self, kid: Option<Self>) -> Self {
        match kid {
            Some(kid) => self.with(kid),
            None => self,
        }
    }

    /// With one more child, a text.
    pub fn say(self, words: &str) -> Self {
        self.with(text(words))
    }

    /// `["tag",{"name":"value"},kid,…]`, a text as a string: what the shell reads.
    pub fn json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        if self.tag.is_empty() {
            return write_str(&self.text, out);
        }
        out.push('[');
        write_str(self.tag, out);
        let mut open = ",{";
        for (name, value) in &self.attrs {
            out.push_str(open);
            open = ",";
            write_str(name, out);
            out.push(':');
            write_str(value, out);
        }
        out.push_str(if open == "," { "}" } else { ",{}" });
        for kid in &self.kids {
            out.push(',');
            kid.write(out);
        }
        out.push(']');
    }
}
