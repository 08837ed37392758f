use funfair_kit::{Page, cut};

/// A kind's drawing, in the kit's line weight and two tints, on a grid of 48 by 48.
pub fn draw(page: &mut Page<'_>, kind: &str) {
    let mut rest = DRAWINGS;
    let (tinted, drawn) = loop {
        let (line, after) = cut(rest, b'\n');
        let (known, strokes) = cut(line, b'|');
        if known == kind || after.is_empty() {
            break cut(strokes, b'|');
        }
        rest = after;
    };
    page.open("svg.icon viewBox=0,0,48,48 aria-hidden=true");
    for (head, d) in &[("path.tint", tinted), ("path", drawn)] {
        page.open(head);
        page.attr("d", d);
        page.close();
    }
    page.close();
}

/// Kind, what is tinted, what is only drawn; the last is for kinds unknown.
const DRAWINGS: &str = "\
card-collecting|M20 10l16-3q2 0 2.4 2l3.6 22q0 2-2 2.4l-16 2.6zM8 13h14q2 0 2 2v23q0 2-2 2H8q-2 0-2-2V15q0-2 2-2z|M15 21.5l1.8 3.4 3.7.5-2.7 2.7.7 3.8-3.5-1.8-3.5 1.8.7-3.8-2.7-2.7 3.7-.5zM29 15l6-1M30 20l6-1\n\
guess-price|M8 8h15l18 18q1.5 1.5 0 3L29 41q-1.5 1.5-3 0L8 23z|M15.5 12.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM22.5 24.5q1-3.5 4.5-2.5t1.5 4.5q-2 1-2 3M25.5 33v.2\n\
poll|M9 26h7v14H9zM20.5 18h7v22h-7zM32 10h7v30h-7z|M6 40h36M8 17l4 4 8-9\n\
sign-in-calendar|M10 10h28q3 0 3 3v25q0 3-3 3H10q-3 0-3-3V13q0-3 3-3z|M7 18h34M16 6v7M32 6v7M17 29.5l5 5 9-10\n\
spin-wheel|M24 8a17 17 0 1 0 0 34 17 17 0 0 0 0-34z|M24 8v12M24 30v12M7 25h12M29 25h12M12 13l8.4 8.4M27.6 28.6L36 37M36 13l-8.4 8.4M20.4 28.6L12 37M24 20a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM21 4h6l-3 6z\n\
|M8 18h32v22H8zM6 12h36v7H6z|M24 12v28M24 12q-8-1-8-5t4-3q3 1 4 8 1-7 4-8 4-1 4 3t-8 5z\n";
