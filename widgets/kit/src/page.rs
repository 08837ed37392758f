use crate::{Node, Texts};
use alloc::string::String;
use funfair_host_api::json::write_str;

/// Writes a view: elements are opened and closed, in the form that the shell reads.
///
/// Why a writer and no tree of nodes: moving nodes about cost three times the bytes of all else
/// that a face does. [`View::node`] reads the tree back where bytes do not count.
///
/// An element is named by one head, `tag.class.class name=value …`: what never changes of it is one
/// string in the wasm. Other attributes follow by [`attr`](Page::attr).
///
/// ```
/// use funfair_kit::{Page, Texts};
/// let texts = Texts::read(r#"{"kit.ok": "OK"}"#);
/// let mut page = Page::new(&texts);
/// page.open("p.note role=status");
/// page.attr("lang", "en");
/// page.say("b", "kit.ok");
/// page.close();
/// let view = page.done();
/// assert_eq!(view.0, r#"["p.note role=status",{"lang":"en"},["b","OK"]]"#);
/// assert_eq!(view.node().html(), r#"<p class="note" role="status" lang="en"><b>OK</b></p>"#);
/// ```
pub struct Page<'a> {
    out: String,
    texts: &'a Texts,
    /// The kind's own drawings.
    pub(crate) drawings: &'static str,
}

/// A written view: `["head", {attribute: value}…, child…]`, a text as a string.
#[derive(Clone, Debug, PartialEq)]
pub struct View(pub String);

impl<'a> Page<'a> {
    /// An empty page in the words of `texts`.
    pub fn new(texts: &'a Texts) -> Self {
        // Most views fit; growing would leave its steps behind where nothing is freed.
        Self { out: String::with_capacity(12 << 10), texts, drawings: "" }
    }

    /// Begins an element.
    pub fn open(&mut self, head: &str) {
        if !self.out.is_empty() {
            self.out.push(',');
        }
        self.out.push('[');
        write_str(head, &mut self.out);
    }

    /// Writes elements that never change, as JSON: one string, however many there are.
    pub fn fixed(&mut self, elements: &str) {
        self.out.push(',');
        self.out.push_str(elements);
    }

    /// Sets an attribute of the element just begun.
    pub fn attr(&mut self, name: &str, value: &str) {
        self.out.push_str(",{");
        write_str(name, &mut self.out);
        self.out.push(':');
        write_str(value, &mut self.out);
        self.out.push('}');
    }

    /// Writes a text into the element.
    pub fn text(&mut self, words: &str) {
        self.out.push(',');
        write_str(words, &mut self.out);
    }

    /// Ends the element.
    pub fn close(&mut self) {
        self.out.push(']');
    }

    /// An element with one text.
    pub fn leaf(&mut self, head: &str, words: &str) {
        self.open(head);
        self.text(words);
        self.close();
    }

    /// An element with the words under `key`.
    pub fn say(&mut self, head: &str, key: &str) {
        self.leaf(head, self.texts.get(key));
    }

    /// An input with its label: `label.field`, the words above it.
    ///
    /// `input` is the whole head, `input name=price type=number min=1 max=99`. What the shopper
    /// types or chooses is the page's, not the view's: it reaches the kind with the form's press
    /// ([`Face::press`](crate::Face::press)), and no later view overwrites it. With
    /// `data-twin=NAME` in the place of a name, an input is kept equal to the one so named in its
    /// form: a slider beside a field.
    pub fn field(&mut self, input: &str, words: &str) {
        self.open("label.field");
        self.leaf("span", words);
        self.open(input);
        self.close();
        self.close();
    }

    /// Begins a group of choices under its question, until [`close`](Self::close).
    pub fn group(&mut self, question: &str) {
        self.open("fieldset.group");
        self.leaf("legend", question);
    }

    /// Begins one choice of a group, until [`close`](Self::close): `label.choice` with the input,
    /// chosen at first where `chosen`. What is said of it is written into it.
    ///
    /// `input` is its head, `input type=radio name=option`.
    pub fn choice(&mut self, input: &str, value: &str, chosen: bool) {
        self.open("label.choice");
        self.open(input);
        self.attr("value", value);
        if chosen {
            self.attr("checked", "");
        }
        self.close();
    }

    /// The view.
    pub fn done(self) -> View {
        View(self.out)
    }
}

impl View {
    /// The view as a tree of nodes.
    pub fn node(&self) -> Node {
        Node::read(&self.0)
    }
}
