//! deploy/: what it sets, the server knows. A misspelt variable would keep a server from starting on
//! the day of the first deployment.

use super::tree::Tree;

const SETTINGS: &str = "server/funfair.example.toml";
const FOLDER: &str = "deploy/";
const PREFIX: &str = "FUNFAIR_";

pub fn complaints(tree: &Tree) -> Vec<String> {
    let Some(settings) = tree.files.get(SETTINGS) else {
        return vec![format!("{SETTINGS} is missing")];
    };
    let known = |name: &str| {
        settings.lines().any(|line| line.split(" = ").next() == Some(&name.to_lowercase()))
    };
    let mut found = Vec::new();
    for (path, text) in tree.files.iter().filter(|(path, _)| path.starts_with(FOLDER)) {
        for name in text.split(PREFIX).skip(1) {
            let letter = |c: char| c.is_ascii_uppercase() || c == '_';
            let name: String = name.chars().take_while(|c| letter(*c)).collect();
            if !known(&name) {
                found.push(format!("{path}: there is no setting {PREFIX}{name}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_no_setting_is_found() {
        let settings = (SETTINGS, "# Where.\nlisten = \"127.0.0.1:8080\"\n");
        let good = Tree::of(&[settings, ("deploy/Dockerfile", "ENV FUNFAIR_LISTEN=0.0.0.0:80")]);
        assert_eq!(complaints(&good), Vec::<String>::new());
        let wrong = Tree::of(&[settings, ("deploy/Dockerfile", "ENV FUNFAIR_LISTENS=0.0.0.0:80")]);
        assert_eq!(complaints(&wrong), ["deploy/Dockerfile: there is no setting FUNFAIR_LISTENS"]);
    }
}
