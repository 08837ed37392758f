use super::parts::{
    cached, content, header, operation, parameter, private, problem, request, schema, secret, token,
};
use funfair_host_api::Code;
use serde_json::{Map, Value, json};

/// What every route of a store can answer.
const OF_STORE: &[Code] = &[
    Code::InvalidParameter,
    Code::StoreUnknown,
    Code::TooManyRequests,
    Code::Internal,
    Code::Busy,
];

/// What every route that needs a token can answer.
const OF_MEMBER: &[Code] = &[
    Code::InvalidParameter,
    Code::StoreUnknown,
    Code::TokenMissing,
    Code::TokenMalformed,
    Code::TokenKeyUnknown,
    Code::TokenSignatureInvalid,
    Code::TokenForeign,
    Code::TokenExpired,
    Code::TokenBlocked,
    Code::TooManyRequests,
    Code::Internal,
    Code::Busy,
];

/// What every request with a body can be answered with.
const OF_BODY: &[Code] = &[
    Code::UnsupportedMediaType,
    Code::BodyTooLarge,
    Code::MalformedBody,
    Code::UnknownField,
    Code::InvalidBody,
];

/// What a play can be answered with beside that.
const OF_PLAY: &[Code] = &[
    Code::ActivityUnknown,
    Code::IdempotencyKeyInvalid,
    Code::IdempotencyKeyReused,
    Code::ActivityNotOpen,
    Code::Barred,
    Code::RevisionChanged,
    Code::CommitmentUsed,
    Code::Refused,
];

/// What a request of a merchant's server can be answered with.
const OF_MERCHANT: &[Code] = &[
    Code::InvalidParameter,
    Code::SecretKeyInvalid,
    Code::StoreUnknown,
    Code::FactInvalid,
    Code::TooManyRequests,
    Code::Internal,
    Code::Busy,
];

/// Every route.
pub fn paths() -> Value {
    let activity = "/v1/stores/{store}/activities/{activity}";
    let mut paths = Map::new();
    paths.insert("/healthz".into(), json!({ "get": health() }));
    paths.insert("/readyz".into(), json!({ "get": readiness() }));
    paths.insert("/v1/openapi.json".into(), json!({ "get": document() }));
    paths.insert("/problems/{code}".into(), json!({ "get": meaning() }));
    let mut of_store = |path: String, mut operations: Value| {
        let mut parameters = vec![parameter("store")];
        for name in ["activity", "play", "prize"] {
            if path.contains(&format!("{{{name}}}")) {
                parameters.push(parameter(name));
            }
        }
        if ["/me", "/unlock", "{activity}/plays"].iter().any(|end| path.ends_with(end)) {
            parameters.push(parameter("channel"));
        }
        operations["parameters"] = parameters.into();
        operations["options"] = preflight();
        paths.insert(path, operations);
    };
    of_store("/v1/stores/{store}/activities".into(), json!({ "get": list_activities() }));
    of_store(activity.into(), json!({ "get": read_activity() }));
    of_store(format!("{activity}/me"), json!({ "get": read_me() }));
    of_store(format!("{activity}/unlock"), json!({ "post": unlock() }));
    of_store(format!("{activity}/terms"), json!({ "get": read_terms() }));
    of_store(format!("{activity}/fragment"), json!({ "get": read_fragment() }));
    of_store(format!("{activity}/frame"), json!({ "get": read_frame() }));
    of_store(format!("{activity}/plays"), json!({ "get": list_plays(), "post": create_play() }));
    of_store(format!("{activity}/plays/{{play}}"), json!({ "get": read_play() }));
    let store = "/v1/stores/{store}";
    of_store(format!("{store}/plays"), json!({ "get": list_all_plays() }));
    of_store(format!("{store}/wallet"), json!({ "get": read_wallet() }));
    of_store(format!("{store}/wallet/prizes/{{prize}}/claim"), json!({ "post": claim_prize() }));
    of_store(format!("{store}/facts"), json!({ "post": record_facts() }));
    of_store(format!("{store}/adjustments"), json!({ "post": adjust() }));
    of_store(format!("{store}/tickets"), json!({ "post": create_ticket() }));
    of_store(format!("{store}/tickets/exchange"), json!({ "post": exchange_ticket() }));
    paths.into()
}

fn list_activities() -> Value {
    let rest = json!({
        "security": [{}, { "token": [] }],
        "parameters": [parameter("if_none_match")],
    });
    let rows = json!({ "type": "array", "items": schema("Listed") });
    let example = super::examples::of("Listed").map(|row| json!([row]));
    let mut answer = cached(&json!({ "application/json": { "schema": rows, "example": example } }));
    answer["200"]["headers"]["Vary"] = header("vary");
    operation(
        "listActivities",
        "What a shopper may see, and what is open to them now and next. Without a token it is what \
         a visitor sees, and cacheable; with one it is private, an activity that is not even to be \
         seen by this shopper is not among it, and a test token sees drafts.",
        &answer,
        &[OF_MEMBER],
        rest,
    )
}

fn read_activity() -> Value {
    operation(
        "readActivity",
        "One activity: the same for every shopper, cacheable, read without a token. A draft is \
         answered to test tokens only.",
        &cached(&content("Activity")),
        &[OF_STORE, &[Code::ActivityUnknown]],
        json!({ "parameters": [parameter("if_none_match")] }),
    )
}

fn read_me() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("item")]);
    operation(
        "readMe",
        "What this shopper may do and holds in the activity, with the item that a link names in \
         view; writes nothing.",
        &private("Me"),
        &[OF_MEMBER, &[Code::ActivityUnknown]],
        rest,
    )
}

fn unlock() -> Value {
    let mut rest = token();
    rest["requestBody"] = request("Unlock", "What the member typed, 1 to 128 characters.");
    operation(
        "unlock",
        "Tries the passphrase of an activity. A wrong try is counted and answered with the barrier \
         that is left; where no try is left, nothing is tried until `again_at_ms`.",
        &private("Me"),
        &[OF_MEMBER, OF_BODY, &[Code::ActivityUnknown, Code::ActivityNotOpen]],
        rest,
    )
}

fn read_terms() -> Value {
    let page = "<!doctype html><html lang=\"en\" dir=\"ltr\">…</html>";
    let page = json!({ "schema": { "type": "string" }, "example": page });
    let mut answer = cached(&json!({ "text/html": page }));
    answer["200"]["headers"]["Content-Security-Policy"] = header("security_policy");
    operation(
        "readTerms",
        "The terms of the activity as a page of its own, made from the revision in force: period, \
         who may take part, chances, odds and quantities, promises, budget, sponsor, claim, and how \
         a draw is checked. It works without a script.",
        &answer,
        &[OF_STORE, &[Code::ActivityUnknown]],
        json!({ "parameters": [parameter("lang"), parameter("if_none_match")] }),
    )
}

fn read_fragment() -> Value {
    let root = "<template shadowrootmode=\"open\"><link rel=\"stylesheet\" href=\"…\">…</template>";
    let root = json!({ "schema": { "type": "string" }, "example": root });
    let mut answer = cached(&json!({ "text/html": root }));
    answer["200"]["headers"]["Content-Security-Policy"] = header("security_policy");
    let place = json!({ "type": "string", "maxLength": 200 });
    let lang = json!({ "type": "string", "enum": funfair_catalogue::LOCALES });
    let scheme = json!({ "type": "string", "enum": ["light", "dark"] });
    let assets = "Where the widgets' files are, without a slash at its end.";
    let api = "The origin of this API as the page reaches it; nothing for the page's own.";
    let parameters = json!([
        wish("lang", "The page's language; English without it.", &lang, "zh-CN"),
        wish("assets", assets, &place, "/funfair/0.1.0"),
        wish("api", api, &place, "https://play.example"),
        wish("scheme", "Whether the page is light or dark, as its server knows.", &scheme, "light"),
        parameter("if_none_match"),
    ]);
    operation(
        "readFragment",
        "The element's declarative shadow root with its first view, for a page that a server makes: \
         it goes between the element's tags. The browser draws it before a script has come; the \
         element takes it over and does not ask for the activity again.",
        &answer,
        &[OF_STORE, &[Code::ActivityUnknown]],
        json!({ "parameters": parameters }),
    )
}

fn read_frame() -> Value {
    let page = "<!doctype html><html lang=\"en\">…</html>";
    let page = json!({ "schema": { "type": "string" }, "example": page });
    let mut answer = cached(&json!({ "text/html": page }));
    answer["200"]["headers"]["Content-Security-Policy"] = header("security_policy");
    let origin = json!({
        "name": "origin", "in": "query", "required": true,
        "description": "The origin of the page around, one that the store lists.",
        "schema": { "type": "string" }, "example": "https://shop.example",
    });
    let plain = json!({ "type": "string", "pattern": "^[0-9a-zA-Z_-]{0,40}$" });
    let scheme = json!({ "type": "string", "enum": ["light", "dark"] });
    let link = json!({ "type": "string" });
    let parameters = json!([
        origin,
        wish("lang", "The page's language.", &plain, "zh-CN"),
        wish("theme", "One of the themes; else the activity's own.", &plain, "double-11"),
        wish("scheme", "Whether the page around is light or dark.", &scheme, "light"),
        wish("funfair", "The item of a link to that page.", &link, "cards.4f1c0a7d52e99b36c1aa"),
        parameter("if_none_match"),
    ]);
    operation(
        "readFrame",
        "One widget as a page of its own, for a page that may load nothing but a frame. It may be \
         shown by pages of `origin` alone, and speaks by messages with no other.",
        &answer,
        &[OF_STORE, &[Code::ActivityUnknown]],
        json!({ "parameters": parameters }),
    )
}

/// A parameter of the query that nobody has to send.
fn wish(name: &str, what: &str, schema: &Value, example: &str) -> Value {
    json!({
        "name": name, "in": "query", "required": false,
        "description": what, "schema": schema, "example": example,
    })
}

fn create_play() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("idempotency_key")]);
    rest["requestBody"] = request("PlayRequest", "One action, at most 16384 bytes.");
    let mut answer = private("PlayReply");
    answer["200"]["headers"]["Idempotency-Replayed"] = header("replayed");
    operation(
        "createPlay",
        "One action of a member. It is answered after it was committed; the same key and body \
         are answered with the same receipt.",
        &answer,
        &[OF_MEMBER, OF_BODY, OF_PLAY],
        rest,
    )
}

fn list_plays() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("before")]);
    operation(
        "listPlays",
        "The member's own plays in the activity, newest first.",
        &private("History"),
        &[OF_MEMBER, &[Code::ActivityUnknown]],
        rest,
    )
}

fn read_play() -> Value {
    operation(
        "readPlay",
        "One receipt, as it was first answered.",
        &private("Receipt"),
        &[OF_MEMBER, &[Code::ActivityUnknown, Code::PlayUnknown]],
        token(),
    )
}

fn read_wallet() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("before")]);
    operation(
        "readWallet",
        "What the member holds in the store's programme, with a page of the ledger.",
        &private("Wallet"),
        &[OF_MEMBER],
        rest,
    )
}

fn list_all_plays() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("before")]);
    operation(
        "listAllPlays",
        "The member's own plays in all activities of the store, newest first.",
        &private("History"),
        &[OF_MEMBER],
        rest,
    )
}

fn claim_prize() -> Value {
    let mut rest = token();
    let about = "Goods need a full address and `consent: true`; for the rest nothing is asked, and \
                 `address` is null.";
    rest["requestBody"] = request("Claim", about);
    operation(
        "claimPrize",
        "The member asks for a prize. The same claim again is answered the same; another address \
         takes the place of the one before until the prize is on its way. What was won costs no \
         postage.",
        &private("Held"),
        &[OF_MEMBER, OF_BODY, &[Code::PrizeUnknown, Code::ClaimInvalid, Code::ClaimClosed]],
        rest,
    )
}

fn record_facts() -> Value {
    let mut rest = secret();
    rest["requestBody"] = request("FactBatch", "1 to 1,000 facts, recorded all or none.");
    operation(
        "recordFacts",
        "What happened at the store, from its server: orders, visits, tiers, parcels. A fact that \
         is sent again under the same id is recorded once.",
        &private("FactReply"),
        &[OF_MERCHANT, OF_BODY],
        rest,
    )
}

fn adjust() -> Value {
    let mut rest = secret();
    rest["requestBody"] = request("Adjustment", "Points in or out, or a redemption to return.");
    operation(
        "adjust",
        "Corrects a member's points, from the store's server. Sent again under the same id it is \
         booked once.",
        &private("Adjusted"),
        &[OF_MERCHANT, OF_BODY],
        rest,
    )
}

fn create_ticket() -> Value {
    let mut rest = secret();
    rest["requestBody"] = request("NewTicket", "The token that the ticket is to fetch.");
    operation(
        "createTicket",
        "For a page that no cookie of the store reaches, such as one in a mini-program: the store's \
         server leaves the shopper's token and gets a ticket for the page's address, after `#`. It \
         is good once, for 60 seconds, in this store alone.",
        &private("Ticket"),
        &[OF_MEMBER, OF_BODY, &[Code::SecretKeyInvalid]],
        rest,
    )
}

fn exchange_ticket() -> Value {
    operation(
        "exchangeTicket",
        "The token for its ticket, to the first who asks. The token is the one that the store's \
         server left, good until its own `exp`.",
        &private("Exchanged"),
        &[OF_STORE, OF_BODY, &[Code::TicketInvalid]],
        json!({ "requestBody": request("Exchange", "The ticket.") }),
    )
}

fn health() -> Value {
    json!({
        "operationId": "readHealth",
        "summary": "That the server runs, and which one it is. It asks no database.",
        "responses": { "200": { "description": "It runs.", "content": content("Health") } },
    })
}

fn readiness() -> Value {
    let answer = |about: &str| json!({ "description": about, "content": content("Readiness") });
    json!({
        "operationId": "readReadiness",
        "summary": "Whether the server can do its work: for a load balancer.",
        "responses": {
            "200": answer("It can."),
            "503": answer("The database does not answer, or nothing is written."),
        },
    })
}

fn document() -> Value {
    let document = json!({ "application/json": { "schema": { "type": "object" } } });
    json!({
        "operationId": "readOpenapi",
        "summary": "This document.",
        "responses": {
            "200": { "description": "OpenAPI 3.1.", "content": document },
        },
    })
}

fn meaning() -> Value {
    let example = "refused (409)\n\nThe rules of the activity say no.\n";
    let text = json!({ "text/plain": { "schema": { "type": "string" }, "example": example } });
    json!({
        "operationId": "readProblem",
        "summary": "What a problem's `type` leads to: its title, and what to do about it.",
        "parameters": [{
            "name": "code", "in": "path", "required": true, "description": "The problem's code.",
            "schema": schema("Code"), "example": "refused",
        }],
        "responses": {
            "200": { "description": "For a person.", "content": text },
            "404": problem("404", &[Code::RouteUnknown]),
        },
    })
}

/// What a browser asks before a request from another origin.
fn preflight() -> Value {
    json!({
        "summary": "Whether a page of another origin may ask.",
        "responses": {
            "204": {
                "description": "The headers are there where the store lists the origin.",
                "headers": {
                    "Access-Control-Allow-Origin": header("allow_origin"),
                    "Access-Control-Max-Age": header("max_age"),
                },
            },
            "405": problem("405", &[Code::MethodNotAllowed]),
        },
    })
}
