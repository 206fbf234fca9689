//! A statement on paper: letterhead, address, balances, every movement from the oldest on, and what it all comes to.

use super::language::Words;
use super::paper::{Face, Ink, Page, Size, file};
use super::statement::{Line, Statement};
use crate::model::Cents;

const BLACK: [f32; 3] = [0.13, 0.15, 0.18];
const GREY: [f32; 3] = [0.42, 0.45, 0.49];
const PALE: [f32; 3] = [0.95, 0.96, 0.97];
const RULE: [f32; 3] = [0.84, 0.86, 0.88];
const HOUSE: [f32; 3] = [0.07, 0.25, 0.40];

const TEXT: Ink = Ink { face: Face::Regular, size: 9.0, colour: BLACK };
const STRONG: Ink = Ink { face: Face::Bold, size: 9.0, colour: BLACK };
const NOTE: Ink = Ink { face: Face::Regular, size: 7.5, colour: GREY };

const MARGIN: f32 = 54.0;
/// From one line of the table to the next.
const STEP: f32 = 16.0;
/// Below this stands the small print.
const BOTTOM: f32 = 92.0;
/// From the top: where the table begins on the first page, and on the others.
const FIRST_TABLE: f32 = 292.0;
const NEXT_TABLE: f32 = 112.0;
/// Lines that the totals take up.
const TOTALS: usize = 4;

impl Statement {
    /// As a PDF file: the same bytes for the same statement.
    pub fn to_pdf(&self) -> Vec<u8> {
        let words = Words::of(self.holder.currency);
        let size = words.paper;
        let room = |top: f32| ((size.height - top - BOTTOM) / STEP) as usize;
        let mut oldest_first = self.lines.iter().rev();
        let mut sheets: Vec<Vec<&Line>> = Vec::new();
        loop {
            // The first line of a sheet is the balance before it.
            let free = room(if sheets.is_empty() { FIRST_TABLE } else { NEXT_TABLE }) - 1;
            let is_last = oldest_first.len() + TOTALS <= free;
            sheets.push(oldest_first.by_ref().take(free).collect());
            if is_last {
                break;
            }
        }
        let count = sheets.len();
        let mut balance = self.opening;
        let mut pages = Vec::with_capacity(count);
        for (number, lines) in sheets.into_iter().enumerate() {
            let mut sheet = Sheet { page: Page::new(), statement: self, words, size, y: 0.0 };
            sheet.head(number == 0);
            sheet.table(lines, &mut balance);
            if number + 1 == count {
                sheet.totals();
            }
            sheet.foot(number + 1, count);
            pages.push(sheet.page);
        }
        file(pages, size, &format!("{}, {}", words.title, self.holder.bank), words.language)
    }
}

fn masked(number: &str) -> String {
    number.replace('*', "•")
}

/// One page, being filled.
struct Sheet<'a> {
    page: Page,
    statement: &'a Statement,
    words: &'a Words,
    size: Size,
    /// Where the next line of the table goes.
    y: f32,
}

impl Sheet<'_> {
    fn head(&mut self, is_first: bool) {
        let (holder, words) = (&self.statement.holder, self.words);
        let (right, top) = (self.size.width - MARGIN, self.size.height - 52.0);
        // The house's mark: three steps.
        for (step, height) in [9.0, 15.0, 21.0].into_iter().enumerate() {
            let bar = Size { width: 5.0, height };
            self.page.area(MARGIN + 7.0 * step as f32, top - 5.0, bar, HOUSE);
        }
        self.page.left(MARGIN + 28.0, top, Ink { face: Face::Bold, size: 15.0, colour: HOUSE }, &holder.bank);
        self.page.right(right, top + 1.0, Ink { size: 13.0, ..TEXT }, words.title);
        self.rule(top - 18.0, HOUSE, 1.2);
        if is_first {
            self.page.left(MARGIN, top - 30.0, NOTE, words.contact);
            self.address(top - 62.0);
            self.details(top - 62.0);
            self.balances(top - 178.0);
            self.y = self.size.height - FIRST_TABLE;
        } else {
            let line = format!("{}  ·  {}  ·  {}", holder.name, masked(&holder.number), self.period());
            self.page.left(MARGIN, top - 34.0, NOTE, &line);
            self.y = self.size.height - NEXT_TABLE;
        }
        let (date, description, amount, balance) = self.columns();
        self.page.area(MARGIN, self.y - 5.0, Size { width: right - MARGIN, height: STEP }, HOUSE);
        let ink = Ink { colour: [1.0; 3], ..STRONG };
        self.page.left(date, self.y, ink, words.columns[0]);
        self.page.left(description, self.y, ink, words.columns[1]);
        self.page.right(amount, self.y, ink, words.columns[2]);
        self.page.right(balance, self.y, ink, words.columns[3]);
        self.y -= STEP;
    }

    /// Where the window of an envelope is.
    fn address(&mut self, y: f32) {
        let holder = &self.statement.holder;
        let ink = Ink { size: 10.0, ..TEXT };
        self.page.left(MARGIN, y, Ink { face: Face::Bold, ..ink }, &holder.name);
        for (line, text) in holder.address.iter().enumerate() {
            self.page.left(MARGIN, y - 14.0 * (line + 1) as f32, ink, text);
        }
    }

    fn details(&mut self, y: f32) {
        let (holder, words) = (&self.statement.holder, self.words);
        let (x, right) = (self.size.width * 0.52, self.size.width - MARGIN);
        let lines = [
            (words.account, holder.account.clone()),
            (words.number, masked(&holder.number)),
            (words.period, self.period()),
            (words.currency, holder.currency.to_owned()),
        ];
        for (line, (name, value)) in lines.into_iter().enumerate() {
            let y = y - 16.0 * line as f32;
            self.page.left(x, y, Ink { colour: GREY, ..TEXT }, name);
            self.page.right(right, y, TEXT, &value);
        }
    }

    fn balances(&mut self, y: f32) {
        let (statement, words) = (self.statement, self.words);
        let summary = statement.summary();
        let width = self.size.width - 2.0 * MARGIN;
        self.page.area(MARGIN, y - 14.0, Size { width, height: 46.0 }, PALE);
        let boxes = [
            (words.opening, statement.opening),
            (words.money_in, summary.total_income),
            (words.money_out, -summary.total_expenses),
            (words.closing, statement.closing),
        ];
        for (number, (name, amount)) in boxes.into_iter().enumerate() {
            let x = MARGIN + 12.0 + number as f32 * width / 4.0;
            self.page.left(x, y + 14.0, NOTE, name);
            self.page.left(x, y - 3.0, Ink { size: 12.0, ..STRONG }, &words.with_currency(amount));
        }
    }

    fn table(&mut self, lines: Vec<&Line>, balance: &mut Cents) {
        let (_, description, _, right) = self.columns();
        self.page.left(description, self.y, Ink { colour: GREY, ..TEXT }, self.words.brought);
        self.page.right(right, self.y, Ink { colour: GREY, ..TEXT }, &self.words.money(*balance));
        self.next();
        if self.statement.lines.is_empty() {
            self.page.left(description, self.y, TEXT, self.words.none);
            self.next();
        }
        for line in lines {
            self.line(line);
            *balance = line.balance_after;
        }
    }

    fn line(&mut self, line: &Line) {
        let (date, description, amount, balance) = self.columns();
        let words = self.words;
        self.page.left(date, self.y, TEXT, &words.day(line.booked_at.day()));
        self.page.within(description, self.y, 190.0, TEXT, &line.description);
        self.page.within(description + 196.0, self.y, 82.0, NOTE, line.location);
        let ink = if line.amount < Cents::ZERO { TEXT } else { STRONG };
        self.page.right(amount, self.y, ink, &words.money(line.amount));
        self.page.right(balance, self.y, TEXT, &words.money(line.balance_after));
        self.next();
    }

    fn totals(&mut self) {
        let (statement, words) = (self.statement, self.words);
        let summary = statement.summary();
        let (_, description, amount, balance) = self.columns();
        self.rule(self.y + STEP - 5.0, HOUSE, 1.2);
        for (name, total) in [(words.money_in, summary.total_income), (words.money_out, -summary.total_expenses)] {
            self.page.left(description, self.y, TEXT, name);
            self.page.right(amount, self.y, TEXT, &words.money(total));
            self.y -= STEP;
        }
        self.page.left(description, self.y, STRONG, words.closing);
        self.page.right(balance, self.y, STRONG, &words.money(statement.closing));
        self.y -= STEP;
    }

    fn foot(&mut self, number: usize, count: usize) {
        self.rule(62.0, RULE, 0.6);
        let [line, other] = self.words.small_print;
        self.page.left(MARGIN, 50.0, Ink { size: 6.5, ..NOTE }, line);
        self.page.left(MARGIN, 41.0, Ink { size: 6.5, ..NOTE }, other);
        let [page, of] = self.words.page;
        self.page.right(self.size.width - MARGIN, 45.0, NOTE, &format!("{page} {number} {of} {count}"));
    }

    /// Where date and description begin, where amount and balance end.
    fn columns(&self) -> (f32, f32, f32, f32) {
        let right = self.size.width - MARGIN;
        (MARGIN + 6.0, MARGIN + 76.0, right - 84.0, right - 6.0)
    }

    fn next(&mut self) {
        self.rule(self.y - 5.0, RULE, 0.4);
        self.y -= STEP;
    }

    fn rule(&mut self, y: f32, colour: [f32; 3], thickness: f32) {
        self.page.area(MARGIN, y, Size { width: self.size.width - 2.0 * MARGIN, height: thickness }, colour);
    }

    fn period(&self) -> String {
        format!("{} – {}", self.words.day(self.statement.from), self.words.day(self.statement.period.last))
    }
}

#[cfg(test)]
mod tests {
    use super::super::spanish;
    use super::super::statement::Period;
    use super::*;
    use crate::scenario::Scenario;

    fn year(most: usize) -> Statement {
        let scenario = Scenario::default();
        spanish::statement(&scenario, Period::back(scenario.as_of, 365), Some(most)).unwrap()
    }

    #[test]
    fn every_line_is_printed_whatever_their_number() {
        for most in [0, 1, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 60, 200] {
            let statement = year(most);
            let file = String::from_utf8_lossy(&statement.to_pdf()).into_owned();
            assert!(file.starts_with("%PDF-1."));
            assert!(file.contains(&format!("/Count {}", file.matches("/Type /Page\n").count())), "{most} lines");
            for line in &statement.lines {
                assert!(file.contains(&format!("({})", Words::of("EUR").money(line.balance_after))), "{line:?}");
            }
        }
    }
}
