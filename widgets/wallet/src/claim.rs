//! Asking for a prize: a thing needs an address and consent, the rest needs nothing.

use crate::Claim;
use alloc::string::String;
use funfair_host_api::json::write_str;
use funfair_kit::{Effects, MAIN, Page, Seen, Tree, cut};

/// The fields of an address: their name on the wire, and what a browser fills in.
const FIELDS: [(&str, &str, &str); 4] = [
    ("name", "name", "text"),
    ("phone", "tel", "tel"),
    ("region", "address-level1", "text"),
    ("street", "street-address", "text"),
];

impl Claim {
    /// Sends a claim: `typed` holds the fields in their order and then the consent, if it was given;
    /// it is empty for a prize that needs no address.
    pub fn asked(&mut self, id: &str, typed: &str, todo: &mut Effects) {
        if self.sent {
            return;
        }
        *self = Self { id: id.into(), ..Self::default() };
        let mut body = String::from("{\"address\":");
        let mut rest = typed;
        if typed.is_empty() {
            body.push_str("null");
        }
        for (at, (name, ..)) in FIELDS.iter().enumerate() {
            if typed.is_empty() {
                break;
            }
            let value;
            (value, rest) = cut(rest, 1);
            if value.bytes().all(|byte| byte == b' ') {
                self.fault("address.", name);
            }
            body.push_str(if at == 0 { "{\"" } else { ",\"" });
            body.push_str(name);
            body.push_str("\":");
            write_str(value, &mut body);
        }
        if !typed.is_empty() {
            body.push('}');
        }
        let consent = !rest.is_empty();
        if !typed.is_empty() && !consent {
            self.fault("", "consent");
        }
        body.push_str(if consent { ",\"consent\":true}" } else { ",\"consent\":false}" });
        if !self.faults.is_empty() {
            // Nothing is sent that cannot be right.
            return todo.want("focus", "[aria-invalid]");
        }
        self.sent = true;
        let mut path = String::from("/wallet/prizes/");
        path.push_str(id);
        path.push_str("/claim");
        todo.ask("claim", &path, &body);
    }

    fn fault(&mut self, group: &str, name: &str) {
        for part in [group, name, ":"] {
            self.faults.push_str(part);
        }
    }

    pub fn answered(&mut self, status: u32, body: &Tree, todo: &mut Effects) {
        if (200..300).contains(&status) {
            // How it stands now comes with everything else.
            self.said = "wallet.claimed";
            return todo.ask(MAIN, "/wallet", "");
        }
        self.sent = false;
        match body.text("code") {
            "claim_invalid" => {
                self.faults.push_str(body.text("detail"));
                todo.want("focus", "[aria-invalid]");
            }
            "claim_closed" | "prize_unknown" => {
                self.said = "wallet.claim-closed";
                todo.ask(MAIN, "/wallet", "");
            }
            _ => self.said = "wallet.claim-lost",
        }
    }

    /// What can be done about a prize, below what it is.
    pub fn stage(&self, seen: &Seen, held: &Tree, page: &mut Page<'_>) {
        let (id, status) = (held.text("id"), held.text("status"));
        let own = self.id == id;
        if own && !self.said.is_empty() && !self.sent {
            page.say("p.told", self.said);
        }
        let sort = held.at("reward").text("type");
        if sort == "goods" && matches!(status, "granted" | "claimed") {
            page.open("details.claim");
            page.say(
                if status == "granted" { "summary.verb" } else { "summary" },
                if status == "granted" { "wallet.claim" } else { "wallet.readdress" },
            );
            self.form(seen, held, page);
            page.close();
        } else if matches!(sort, "red_packet" | "benefit") && status == "granted" {
            page.open("button type=button data-do=claim");
            page.attr("data-value", id);
            self.disable(own, page);
            page.say("span", if own && self.sent { "wallet.claiming" } else { "wallet.claim" });
            page.close();
        }
    }

    fn disable(&self, own: bool, page: &mut Page<'_>) {
        if own && self.sent {
            page.attr("aria-disabled", "true");
        }
    }

    fn form(&self, seen: &Seen, held: &Tree, page: &mut Page<'_>) {
        let id = held.text("id");
        let own = self.id == id;
        page.open("form novalidate=");
        let mut press = String::from("claim\u{1}");
        press.push_str(id);
        page.attr("data-do", &press);
        page.attr("autocomplete", "shipping");
        // Won things are sent for nothing; one that was bought says what was asked for it.
        let postage = held.at("reward").num("postage_cents");
        page.leaf(
            "p.fine",
            &match postage {
                0 => seen.texts.get("wallet.free-postage").into(),
                cents => seen.texts.fill("wallet.postage", &crate::words::money(seen, cents)),
            },
        );
        for (name, complete, sort) in FIELDS {
            let wire = joined(&["address.", name, ":"]);
            let label = joined(&["wallet.field.", name]);
            page.open("div.line");
            page.open("label.field");
            page.say("span", &label);
            page.open("input required=");
            page.attr("type", sort);
            page.attr("name", name);
            page.attr("autocomplete", complete);
            let wrong = own && names(&self.faults, &wire);
            mark(wrong, &joined(&[id, name]), page);
            page.close();
            page.close();
            // Beside the label: what is in it would be a part of the field's name.
            if wrong {
                tell(seen, &joined(&[id, name]), &joined(&[&label, ".fault"]), page);
            }
            page.close();
        }
        page.open("label.consent");
        page.open("input type=checkbox name=consent required=");
        let wrong = own && names(&self.faults, "consent:");
        mark(wrong, &joined(&[id, "consent"]), page);
        page.close();
        page.say("span", "wallet.consent");
        page.close();
        if wrong {
            tell(seen, &joined(&[id, "consent"]), "wallet.consent.fault", page);
        }
        page.open("button type=submit");
        self.disable(own, page);
        page.say("span", if own && self.sent { "wallet.claiming" } else { "wallet.send" });
        page.close();
        page.close();
    }
}

/// Tells assistive technology that a field is wrong, and where that is said.
fn mark(wrong: bool, id: &str, page: &mut Page<'_>) {
    if wrong {
        page.attr("aria-invalid", "true");
        page.attr("aria-describedby", id);
    }
}

/// What is wrong with a field, at the field.
fn tell(seen: &Seen, id: &str, key: &str, page: &mut Page<'_>) {
    page.open("small.fault");
    page.attr("id", id);
    page.text(seen.texts.get(key));
    page.close();
}

/// Whether a text names a field; `str::contains` weighs ten times as much.
fn names(text: &str, field: &str) -> bool {
    let field = field.as_bytes();
    text.as_bytes().windows(field.len()).any(|part| part == field)
}

fn joined(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}
