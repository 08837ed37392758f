use crate::{Page, texts::cut};

/// A drawing of one line weight in two tints: `points`, `coupon`, `packet`, `goods`, `none`,
/// `check`, `close`, and the kind's own ([`Face::drawings`](crate::Face::drawings)). A name that is
/// newer than this draws the box.
pub fn icon(page: &mut Page<'_>, name: &str) {
    icon_in(page, "svg.icon viewBox=0,0,24,24 aria-hidden=true", name);
}

/// The drawing in an `svg` of the caller's: where it is a part of a larger drawing, or moves.
pub fn icon_in(page: &mut Page<'_>, svg: &str, name: &str) {
    let mut strokes = find(page.drawings, name);
    if strokes.is_empty() {
        strokes = find(ICONS, name);
    }
    let (tinted, drawn) = cut(if strokes.is_empty() { BOX } else { strokes }, b'|');
    page.open(svg);
    for (head, d) in &[("path.tint", tinted), ("path", drawn)] {
        page.open(head);
        page.attr("d", d);
        page.close();
    }
    page.close();
}

/// The strokes of a drawing, empty where the table has none of that name.
fn find<'a>(table: &'a str, name: &str) -> &'a str {
    let mut rest = table;
    loop {
        let (line, after) = cut(rest, b'\n');
        let (known, strokes) = cut(line, b'|');
        if known == name || line.is_empty() {
            return strokes;
        }
        rest = after;
    }
}

/// Name, what is tinted, what is only drawn, on a 24 by 24 grid.
const ICONS: &str = "\
points|M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z|M12 7.4l1.4 3 3.2.4-2.4 2.2.7 3.2-2.9-1.6-2.9 1.6.7-3.2-2.4-2.2 3.2-.4z\n\
coupon|M3 8q0-2 2-2h14q2 0 2 2v2a2 2 0 0 0 0 4v2q0 2-2 2H5q-2 0-2-2v-2a2 2 0 0 0 0-4z|M14.5 8v1.5M14.5 11.3v1.5M14.5 14.5V16M7 10.5h4M7 13.5h2.5\n\
packet|M8 3h8q2 0 2 2v14q0 2-2 2H8q-2 0-2-2V5q0-2 2-2z|M6 8q6 4.5 12 0M12 10.5a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z\n\
none|M12 12c0-4-3-6.5-7.5-6.5C4.5 9.5 7.5 12 12 12zM12 15c0-3.5 2.5-5.5 6.5-5.5 0 3.5-2.5 5.5-6.5 5.5z|M12 20.5V12M8.5 20.5h7\n\
check||M5.5 12.5l4.3 4.3 8.7-9.3\n\
close||M7 7l10 10M17 7L7 17";

/// What a name that is not known stands for.
const BOX: &str = "M4 8l8-4 8 4v8l-8 4-8-4z|M4 8l8 4 8-4M12 12v8M8 6l8 4";
