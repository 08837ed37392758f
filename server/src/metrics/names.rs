/// The templates of all routes; what is none of them is counted as `other`.
pub(super) const ROUTES: &[&str] = &[
    "/healthz",
    "/problems/{code}",
    "/readyz",
    "/v1/openapi.json",
    "/v1/stores/{store}/activities",
    "/v1/stores/{store}/activities/{activity}",
    "/v1/stores/{store}/activities/{activity}/fragment",
    "/v1/stores/{store}/activities/{activity}/frame",
    "/v1/stores/{store}/activities/{activity}/me",
    "/v1/stores/{store}/activities/{activity}/plays",
    "/v1/stores/{store}/activities/{activity}/plays/{play}",
    "/v1/stores/{store}/activities/{activity}/terms",
    "/v1/stores/{store}/activities/{activity}/unlock",
    "/v1/stores/{store}/adjustments",
    "/v1/stores/{store}/facts",
    "/v1/stores/{store}/plays",
    "/v1/stores/{store}/tickets",
    "/v1/stores/{store}/tickets/exchange",
    "/v1/stores/{store}/wallet",
    "/v1/stores/{store}/wallet/prizes/{prize}/claim",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_document_is_counted_under_its_name() {
        let document: serde_json::Value = serde_json::from_str(crate::openapi::text()).unwrap();
        let paths: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
        let mut routes = ROUTES.to_vec();
        routes.sort_unstable();
        let mut documented: Vec<_> = paths.iter().map(String::as_str).collect();
        documented.sort_unstable();
        assert_eq!(routes, documented);
    }
}
