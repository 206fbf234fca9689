//! What a printed statement says, and how dates and money are written, in the language of the currency.

use super::paper::Size;
use crate::model::Cents;
use crate::schema::Day;

/// What is printed in the language of the country.
pub(super) struct Words {
    /// A tag of BCP 47.
    pub language: &'static str,
    pub paper: Size,
    pub contact: &'static str,
    pub title: &'static str,
    pub page: [&'static str; 2],
    pub account: &'static str,
    pub number: &'static str,
    pub period: &'static str,
    pub currency: &'static str,
    pub opening: &'static str,
    pub money_in: &'static str,
    pub money_out: &'static str,
    pub closing: &'static str,
    pub columns: [&'static str; 4],
    pub brought: &'static str,
    pub none: &'static str,
    pub small_print: [&'static str; 2],
    months: [&'static str; 12],
}

static ENGLISH: Words = Words {
    language: "en-US",
    paper: Size::LETTER,
    contact: "Customer service (800) 555-0199  ·  example.com",
    title: "Account statement",
    page: ["Page", "of"],
    account: "Account",
    number: "Account number",
    period: "Statement period",
    currency: "Currency",
    opening: "Opening balance",
    money_in: "Money in",
    money_out: "Money out",
    closing: "Closing balance",
    columns: ["Date", "Description", "Amount", "Balance"],
    brought: "Balance brought forward",
    none: "No transactions in this period",
    small_print: [
        "This statement is synthetic. The bank, the customer and every transaction on it are invented; any likeness is chance.",
        "It is proof of nothing: not of identity, address, income or assets. Made by credit-seed for tests and demonstrations.",
    ],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};

static SPANISH: Words = Words {
    language: "es-ES",
    paper: Size::A4,
    contact: "Atención al cliente: example.com",
    title: "Extracto de cuenta",
    page: ["Página", "de"],
    account: "Cuenta",
    number: "IBAN",
    period: "Periodo",
    currency: "Moneda",
    opening: "Saldo inicial",
    money_in: "Ingresos",
    money_out: "Gastos",
    closing: "Saldo final",
    columns: ["Fecha", "Concepto", "Importe", "Saldo"],
    brought: "Saldo anterior",
    none: "Sin movimientos en este periodo",
    small_print: [
        "Este extracto es sintético. El banco, el cliente y todos los movimientos son inventados; todo parecido es casual.",
        "No acredita nada: ni identidad, ni domicilio, ni ingresos, ni patrimonio. Hecho por credit-seed para pruebas y demos.",
    ],
    months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
};

impl Words {
    /// Spanish for euros, else English.
    pub fn of(currency: &str) -> &'static Words {
        if currency == "EUR" { &SPANISH } else { &ENGLISH }
    }

    fn is_spanish(&self) -> bool {
        self.language == SPANISH.language
    }

    /// `Nov 3, 2025`, or as Spain writes it, `3 nov 2025`.
    pub fn day(&self, day: Day) -> String {
        let (year, month, number) = day.ymd();
        let name = self.months[month as usize - 1];
        if self.is_spanish() { format!("{number} {name} {year}") } else { format!("{name} {number}, {year}") }
    }

    /// `1,234.56`, or as Spain writes it, `1.234,56`.
    pub fn money(&self, amount: Cents) -> String {
        let (thousands, point) = if self.is_spanish() { ('.', ',') } else { (',', '.') };
        let mut digits = (amount.0.unsigned_abs() / 100).to_string();
        let mut position = digits.len();
        while position > 3 {
            position -= 3;
            digits.insert(position, thousands);
        }
        let sign = if amount < Cents::ZERO { "-" } else { "" };
        format!("{sign}{digits}{point}{:02}", amount.0.unsigned_abs() % 100)
    }

    pub fn with_currency(&self, amount: Cents) -> String {
        let text = self.money(amount);
        match text.strip_prefix('-') {
            _ if self.is_spanish() => text + " €",
            Some(size) => format!("-${size}"),
            None => format!("${text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_days_are_written_as_in_the_country() {
        let (spanish, english) = (Words::of("EUR"), Words::of("USD"));
        assert_eq!(spanish.money(Cents(-123_456_789)), "-1.234.567,89");
        assert_eq!(spanish.with_currency(Cents(5)), "0,05 €");
        assert_eq!(english.money(Cents(100_000)), "1,000.00");
        assert_eq!(english.with_currency(Cents(-100_000)), "-$1,000.00");
        assert_eq!([spanish.day(Day(0)), english.day(Day(0))], ["1 ene 1970", "Jan 1, 1970"]);
    }
}
