//! Paper: pages of text and rules as PDF, in the Helvetica that every reader has. Nothing in a file depends on the clock.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};

/// A size in points.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub width: f32,
    pub height: f32,
}

impl Size {
    pub const A4: Size = Size { width: 595.0, height: 842.0 };
    pub const LETTER: Size = Size { width: 612.0, height: 792.0 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
}

/// How text is set: face, size in points, colour.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    pub face: Face,
    pub size: f32,
    pub colour: [f32; 3],
}

/// A page being written. The origin is below on the left, as PDF has it.
pub struct Page {
    content: Content,
}

impl Page {
    pub fn new() -> Page {
        Page { content: Content::new() }
    }

    /// Text that begins at `x`.
    pub fn left(&mut self, x: f32, y: f32, ink: Ink, text: &str) {
        let [red, green, blue] = ink.colour;
        let font = if ink.face == Face::Bold { Name(b"B") } else { Name(b"R") };
        self.content.begin_text().set_fill_rgb(red, green, blue).set_font(font, ink.size);
        self.content.next_line(x, y).show(Str(&win_ansi(text))).end_text();
    }

    /// Text that ends at `x`.
    pub fn right(&mut self, x: f32, y: f32, ink: Ink, text: &str) {
        self.left(x - width(text, ink), y, ink, text);
    }

    /// Text from `x` on that takes up no more than `room`; what does not fit is cut off.
    pub fn within(&mut self, x: f32, y: f32, room: f32, ink: Ink, text: &str) {
        let mut shown = text.to_owned();
        while width(&shown, ink) > room && !shown.is_empty() {
            shown = shown.trim_end_matches('…').to_owned();
            shown.pop();
            shown.push('…');
        }
        self.left(x, y, ink, &shown);
    }

    pub fn area(&mut self, x: f32, y: f32, size: Size, colour: [f32; 3]) {
        let [red, green, blue] = colour;
        self.content.set_fill_rgb(red, green, blue).rect(x, y, size.width, size.height).fill_nonzero();
    }
}

/// The file of these pages.
pub fn file(pages: Vec<Page>, size: Size, title: &str, language: &str) -> Vec<u8> {
    const CATALOG: Ref = Ref::new(1);
    const TREE: Ref = Ref::new(2);
    const REGULAR: Ref = Ref::new(3);
    const BOLD: Ref = Ref::new(4);
    const INFO: Ref = Ref::new(5);
    let id_of = |page: usize, part: i32| Ref::new(6 + 2 * page as i32 + part);

    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(TREE).lang(TextStr(language));
    pdf.pages(TREE).kids((0..pages.len()).map(|page| id_of(page, 0))).count(pages.len() as i32);
    for (id, name) in [(REGULAR, Name(b"Helvetica")), (BOLD, Name(b"Helvetica-Bold"))] {
        pdf.type1_font(id).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.document_info(INFO).title(TextStr(title)).producer(TextStr("credit-seed"));
    for (number, page) in pages.into_iter().enumerate() {
        let mut leaf = pdf.page(id_of(number, 0));
        leaf.media_box(Rect::new(0.0, 0.0, size.width, size.height)).parent(TREE).contents(id_of(number, 1));
        leaf.resources().fonts().pair(Name(b"R"), REGULAR).pair(Name(b"B"), BOLD);
        drop(leaf);
        pdf.stream(id_of(number, 1), &page.content.finish());
    }
    pdf.finish()
}

/// The bytes of a text in the encoding of the fonts; a question mark for what is not in it.
fn win_ansi(text: &str) -> Vec<u8> {
    let byte = |letter: char| match letter {
        ' '..='~' | '\u{A0}'..='\u{FF}' => letter as u8,
        '€' => 0x80,
        '…' => 0x85,
        '’' => 0x92,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

/// How wide a text is, in points.
pub fn width(text: &str, ink: Ink) -> f32 {
    let widths = if ink.face == Face::Bold { &BOLD } else { &REGULAR };
    let of = |letter: char| match plain(letter) {
        letter @ ' '..='~' => widths[letter as usize - 32],
        '…' | '—' => 1000,
        '•' => 350,
        _ => 556,
    };
    text.chars().map(|letter| u32::from(of(letter))).sum::<u32>() as f32 * ink.size / 1000.0
}

/// The letter without its accent, which is as wide.
fn plain(letter: char) -> char {
    match letter {
        'À'..='Å' => 'A',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ò'..='Ö' => 'O',
        'Ù'..='Ü' => 'U',
        'Ç' => 'C',
        'Ñ' => 'N',
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        // Wider than an i: the accent needs the room.
        'ì'..='ï' => 't',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// Widths from the space to the tilde, in thousandths of the size: Adobe's metrics of the fourteen core fonts.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Ink = Ink { face: Face::Regular, size: 10.0, colour: [0.0; 3] };

    #[test]
    fn spain_prints() {
        assert_eq!(win_ansi("Señor García, 3 €"), b"Se\xF1or Garc\xEDa, 3 \x80");
        assert_eq!(win_ansi("漢"), b"?");
    }

    #[test]
    fn digits_are_as_wide_as_each_other() {
        assert_eq!(width("1,234.56", INK), width("9,876.00", INK));
        assert_eq!(width("0", INK), 5.56);
        assert_eq!(width("ñ", INK), width("n", INK));
    }
}
