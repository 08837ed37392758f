use crate::{Effects, Tree};
use alloc::{string::String, vec::Vec};

/// A list that is read a page at a time, newest first.
#[derive(Debug, Default)]
pub struct Pages {
    /// What was read so far.
    pub rows: Vec<Tree>,
    /// Where the next page begins; empty where there is none.
    next: String,
    /// Whether a page is on its way.
    reading: bool,
}

impl Pages {
    /// Takes the newest page out of the field `name` of an answer: rows that are new go in front, so
    /// that pages read earlier stay. With nothing in common it is another list.
    pub fn newest(&mut self, answer: &mut Tree, name: &str) {
        let list = answer.take(name).into_list();
        let known = self.rows.first().map_or("", |row| row.text("id"));
        let at = list.iter().position(|row| row.text("id") == known);
        if let Some(new) = at.filter(|_| !known.is_empty()) {
            // Rows change too: a play is settled or taken back.
            let rest = self.rows.split_off((list.len() - new).min(self.rows.len()));
            self.rows = list;
            self.rows.extend(rest);
        } else {
            self.rows = list;
            self.next = answer.text("next").into();
        }
    }

    /// Takes the page after the last one out of the field `name` of an answer.
    pub fn older(&mut self, answer: &mut Tree, name: &str) {
        self.reading = false;
        self.rows.extend(answer.take(name).into_list());
        self.next = answer.text("next").into();
    }

    /// Asks for the page after the last one, once.
    pub fn more(&mut self, name: &str, path: &str, todo: &mut Effects) {
        if self.has_more() && !self.reading {
            self.reading = true;
            let mut whole = String::from(path);
            whole.push_str(&self.next);
            todo.ask(name, &whole, "");
        }
    }

    /// The page on its way was lost; it can be asked for again.
    pub fn lost(&mut self) {
        self.reading = false;
    }

    /// Whether there is a page after the last one.
    pub fn has_more(&self) -> bool {
        !self.next.is_empty()
    }

    /// Whether a page is on its way.
    pub fn is_reading(&self) -> bool {
        self.reading
    }
}
