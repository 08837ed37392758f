//! The month's face.

use funfair_host_api::{alloc::string::String, json::Raw};
use funfair_kit::{Cx, Face, Node, Press, Shown};

/// The face of the kind `sign-in-calendar`.
pub struct CalendarFace;

impl Face for CalendarFace {
    fn slug(&self) -> &'static str {
        "sign-in-calendar"
    }
    fn stage(&self, _: &Cx<'_>) -> Option<Node> {
        None
    }
    fn press(&self, _: &Cx<'_>, _: &str) -> Option<Press> {
        None
    }
    fn outcome(&self, _: &Cx<'_>, _: &Raw) -> Option<Shown> {
        None
    }
    fn refusal(&self, _: &Cx<'_>, _: &Raw) -> Option<String> {
        None
    }
    fn wakes_at_ms(&self, _: &Cx<'_>) -> Option<u64> {
        None
    }
}
