use crate::Node;
use alloc::string::String;

impl Node {
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
        out.push_str(self.tag);
        for (name, value) in self.attrs.iter().filter(|(name, _)| *name != "key") {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        out.push('>');
        if matches!(self.tag, "br" | "hr" | "img" | "input") {
            return;
        }
        for kid in &self.kids {
            kid.write_html(out);
        }
        out.push_str("</");
        out.push_str(self.tag);
        out.push('>');
    }

    /// The tree as a reader meets it, one element a line: what snapshots hold. Drawings are one
    /// line, however many strokes they have.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        self.write_outline(0, &mut out);
        out
    }

    fn write_outline(&self, depth: usize, out: &mut String) {
        for _ in 0..depth {
            out.push_str("  ");
        }
        if self.tag.is_empty() {
            out.push('"');
            out.push_str(&self.text);
            out.push_str("\"\n");
            return;
        }
        out.push_str(self.tag);
        for (name, value) in &self.attrs {
            match *name {
                "class" => {
                    out.push('.');
                    out.push_str(&value.replace(' ', "."));
                }
                "role" | "part" | "scope" | "disabled" | "hidden" | "data-do" | "data-state"
                | "data-receipt" | "data-move" | "datetime" | "lang" => {
                    write_attribute(name, value, out);
                }
                _ if name.starts_with("aria-") => write_attribute(name, value, out),
                _ => {}
            }
        }
        out.push('\n');
        if self.tag == "svg" && self.attrs.contains(&("aria-hidden", "true".into())) {
            return;
        }
        for kid in &self.kids {
            kid.write_outline(depth + 1, out);
        }
    }
}

fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    if !value.is_empty() {
        out.push('=');
        out.push_str(value);
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
