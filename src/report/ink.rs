//! Inks: colours by what they mean. The page's style gives each a value for light, dark and paper.

use plotters::style::RGBColor;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// What this database holds.
    Here,
    /// What is published.
    Published,
    /// Further series of this database.
    Second,
    Third,
    /// Words that explain.
    Muted,
    /// Lines to read a value by, and the line that they start from.
    Grid,
    Base,
    /// Recessions.
    Shade,
    /// A spread around a value of this database.
    Pale,
    /// A published range.
    Target,
}

impl Ink {
    const ALL: [Ink; 10] = [
        Ink::Here,
        Ink::Published,
        Ink::Second,
        Ink::Third,
        Ink::Muted,
        Ink::Grid,
        Ink::Base,
        Ink::Shade,
        Ink::Pale,
        Ink::Target,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Ink::Here => "here",
            Ink::Published => "published",
            Ink::Second => "second",
            Ink::Third => "third",
            Ink::Muted => "muted",
            Ink::Grid => "grid",
            Ink::Base => "base",
            Ink::Shade => "shade",
            Ink::Pale => "pale",
            Ink::Target => "target",
        }
    }

    /// The colour that stands for this ink while plotters draws.
    pub const fn stand_in(self) -> RGBColor {
        RGBColor(1, 2, self as u8)
    }
}

/// What plotters drew, dressed for the page: inks for stand-ins, and none of what the page's style decides.
pub(super) fn dressed(drawing: &str) -> String {
    let mut svg = drawing.replace('\n', "").replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    for ink in Ink::ALL {
        let (stand_in, name) = (format!("#0102{:02X}", ink as u8), ink.name());
        svg = svg.replace(&format!("fill=\"{stand_in}\""), &format!("class=\"fill-{name}\""));
        svg = svg.replace(&format!("stroke=\"{stand_in}\""), &format!("class=\"line-{name}\""));
    }
    svg.replace(" stroke=\"none\"", "").replace("fill=\"none\" class=\"line-", "class=\"line-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_has_its_class() {
        for (index, ink) in Ink::ALL.into_iter().enumerate() {
            assert_eq!(ink as usize, index);
            let drawn = format!("<rect opacity=\"1\" fill=\"#0102{index:02X}\" stroke=\"none\"/>\n");
            assert_eq!(dressed(&drawn), format!("<rect class=\"fill-{}\"/>", ink.name()));
        }
    }
}
