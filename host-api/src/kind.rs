use crate::json::Wire;

/// A type of activity, as both ends of the wire see it.
///
/// Only what may leave the server stands here; the rules and their secrets are the trait `Rules`
/// in `engine`. One implementation serves the widget, the server, the playground and clients.
///
/// ```
/// use funfair_host_api::{wire, Kind, Words};
/// wire! { pub enum Action { /** Tosses. */ Toss = "toss" {} } }
/// wire! { pub struct View { /** Tosses left today. */ pub left: u32 } }
/// wire! { pub open enum Outcome { /** It fell. */ Fell = "fell" { /** What to show. */ label: Words } } }
/// wire! { pub open enum Refusal { /** None left. */ NoneLeft = "none_left" { /** What to show. */ label: Words } } }
/// pub struct CoinToss;
/// impl Kind for CoinToss {
///     const SLUG: &'static str = "coin-toss";
///     type Action = Action;
///     type View = View;
///     type Outcome = Outcome;
///     type Refusal = Refusal;
/// }
/// ```
pub trait Kind: 'static {
    /// The name everywhere: folder, crate `funfair-<slug>`, element `funfair-<slug>`, text keys.
    const SLUG: &'static str;
    /// What a shopper may ask; imperative (`Spin`).
    type Action: Wire;
    /// What this shopper may see of the state; secrets are gone from it.
    type View: Wire;
    /// What a play came to; each variant carries a `label`.
    type Outcome: Wire;
    /// An expected no; each variant carries a `label` and says when or how it becomes possible.
    type Refusal: Wire;
}
