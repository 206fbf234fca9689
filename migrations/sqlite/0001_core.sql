-- The bank: credit_seed_runs and nine tables of data, parents before children.
--
-- Every statement may be run again: an interrupted migration is finished by repeating it.
-- DECIMAL, DATE, TIMESTAMP and JSON have NUMERIC affinity here: numbers are stored as numbers, dates and JSON stay
-- the text they are. SQLite holds nobody to the widths, they are kept for the reader and for the other databases.
-- Timestamps are UTC. Foreign keys bind only connections with PRAGMA foreign_keys = ON.

-- Our marker and our book, first so that a kill at any later point leaves it behind: only a database that has this
-- table is ours to reset. The only table that may hold the real clock.
CREATE TABLE IF NOT EXISTS credit_seed_runs (
    run_id VARCHAR(50) NOT NULL PRIMARY KEY,
    dataset_version INTEGER NOT NULL,
    program_version VARCHAR(50) NOT NULL,
    seed VARCHAR(20) NOT NULL,              -- an unsigned 64-bit number, as text
    scenario TEXT NOT NULL,                 -- the resolved scenario, YAML
    scenario_sha256 CHAR(64) NOT NULL,
    as_of DATE NOT NULL,
    customers BIGINT NOT NULL,              -- how many the run is to have
    next_customer BIGINT NOT NULL,          -- all below are written
    tables TEXT NOT NULL,                   -- JSON: rows and checksum per table
    started_at TIMESTAMP NOT NULL,
    completed_at TIMESTAMP NULL             -- NULL: still running, or interrupted
);

-- Monthly economic series. Simulated: plausible, not historical.
CREATE TABLE IF NOT EXISTS market_data (
    data_id VARCHAR(50) NOT NULL PRIMARY KEY,
    data_type VARCHAR(50) NOT NULL,
    value DECIMAL(10,4) NOT NULL,           -- percent, index points, HTG per USD, or 0 and 1
    date_recorded DATE NOT NULL,            -- last day of the month, or as_of in its month
    source VARCHAR(100) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT market_data_data_type_date_recorded_key UNIQUE (data_type, date_recorded),
    CONSTRAINT market_data_data_type_check CHECK (data_type IN
        ('fed_funds', 'prime', 'mortgage_30y', 'treasury_10y', 'unemployment', 'cpi_yoy', 'gdp_growth', 'sp500',
         'usd_htg', 'recession'))
);

-- People who bank here. None can be real: the e-mail domains, phone lines and SSNs are ones that nobody is given.
CREATE TABLE IF NOT EXISTS customers (
    customer_id VARCHAR(50) NOT NULL PRIMARY KEY,
    first_name VARCHAR(50) NOT NULL,
    last_name VARCHAR(50) NOT NULL,
    email VARCHAR(100) NOT NULL,            -- example.com, .org or .net
    phone VARCHAR(20) NOT NULL,             -- 555-01xx
    date_of_birth DATE NOT NULL,
    ssn VARCHAR(11) NOT NULL,               -- area 900-999 with group 01-49
    address TEXT NOT NULL,
    city VARCHAR(50) NOT NULL,
    state VARCHAR(2) NOT NULL,
    zip_code VARCHAR(10) NOT NULL,
    employment_type VARCHAR(50) NOT NULL,
    annual_income DECIMAL(12,2) NOT NULL,   -- before tax, USD
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_ssn_key UNIQUE (ssn),
    CONSTRAINT customers_employment_type_check CHECK (employment_type IN
        ('full_time', 'part_time', 'self_employed', 'unemployed', 'student', 'retired', 'not_working')),
    CONSTRAINT customers_annual_income_check CHECK (annual_income BETWEEN 0 AND 9999999999.99)
);

-- What a credit bureau records of each customer, one row a month.
CREATE TABLE IF NOT EXISTS credit_history (
    history_id VARCHAR(50) NOT NULL PRIMARY KEY,
    customer_id VARCHAR(50) NOT NULL,
    credit_score INTEGER NOT NULL,
    payment_history VARCHAR(50) NOT NULL,   -- the worst of all accounts: days past due, or charged off
    credit_utilization DECIMAL(5,2) NOT NULL,   -- percent of revolving credit in use
    record_date DATE NOT NULL,              -- last day of the month, or as_of in its month
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT credit_history_customer_id_record_date_key UNIQUE (customer_id, record_date),
    CONSTRAINT credit_history_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT credit_history_credit_score_check CHECK (credit_score BETWEEN 300 AND 850),
    CONSTRAINT credit_history_payment_history_check CHECK (payment_history IN
        ('current', '30', '60', '90', 'charge_off')),
    CONSTRAINT credit_history_credit_utilization_check CHECK (credit_utilization BETWEEN 0 AND 100)
);

-- Monthly statements: income - expense = change of (asset - liability), to the cent.
CREATE TABLE IF NOT EXISTS financial_records (
    record_id VARCHAR(50) NOT NULL PRIMARY KEY,
    customer_id VARCHAR(50) NOT NULL,
    record_type VARCHAR(50) NOT NULL,       -- income, expense: of the month. asset, liability: at its end
    amount DECIMAL(12,2) NOT NULL,          -- USD, negative only where an income row books a loss
    description TEXT NOT NULL,
    record_date DATE NOT NULL,              -- last day of the month, or as_of in its month
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT financial_records_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT financial_records_record_type_check CHECK (record_type IN
        ('income', 'expense', 'asset', 'liability'))
);
CREATE INDEX IF NOT EXISTS financial_records_customer_id_record_date_idx
    ON financial_records (customer_id, record_date);

-- Requests for credit.
CREATE TABLE IF NOT EXISTS loan_applications (
    application_id VARCHAR(50) NOT NULL PRIMARY KEY,
    customer_id VARCHAR(50) NOT NULL,
    loan_type VARCHAR(50) NOT NULL,
    requested_amount DECIMAL(12,2) NOT NULL,    -- USD, the limit for a line
    term_months INTEGER NULL,               -- NULL for credit_card and heloc
    purpose VARCHAR(100) NOT NULL,
    status VARCHAR(20) NOT NULL,            -- at as_of
    application_date DATE NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT loan_applications_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT loan_applications_loan_type_check CHECK (loan_type IN
        ('credit_card', 'auto', 'personal', 'mortgage', 'student', 'heloc', 'small_business')),
    CONSTRAINT loan_applications_requested_amount_check CHECK (requested_amount BETWEEN 0.01 AND 9999999999.99),
    CONSTRAINT loan_applications_term_months_check CHECK (term_months BETWEEN 1 AND 480),
    CONSTRAINT loan_applications_status_check CHECK (status IN
        ('submitted', 'under_review', 'approved', 'rejected', 'withdrawn', 'funded', 'active', 'paid_off',
         'defaulted'))
);
CREATE INDEX IF NOT EXISTS loan_applications_customer_id_application_date_idx
    ON loan_applications (customer_id, application_date);

-- The lender's answer to each application and what it rested on.
CREATE TABLE IF NOT EXISTS loan_decisions (
    application_id VARCHAR(50) NOT NULL PRIMARY KEY,
    decided_on DATE NULL,                   -- NULL while pending
    decision VARCHAR(20) NOT NULL,
    credit_score INTEGER NOT NULL,          -- as the lender saw it
    debt_to_income DECIMAL(6,4) NOT NULL,   -- a ratio, payments on this loan included
    quoted_rate DECIMAL(6,3) NULL,          -- percent a year, NULL unless approved
    product VARCHAR(20) NULL,               -- new or used car, fixed or variable rate
    reasons TEXT NULL,                      -- NULL unless rejected
    CONSTRAINT loan_decisions_application_id_fkey FOREIGN KEY (application_id)
        REFERENCES loan_applications (application_id),
    CONSTRAINT loan_decisions_decision_check CHECK (decision IN ('approved', 'rejected', 'withdrawn', 'pending')),
    CONSTRAINT loan_decisions_credit_score_check CHECK (credit_score BETWEEN 300 AND 850),
    CONSTRAINT loan_decisions_debt_to_income_check CHECK (debt_to_income BETWEEN 0 AND 99.9999),
    CONSTRAINT loan_decisions_quoted_rate_check CHECK (quoted_rate BETWEEN 0 AND 100),
    CONSTRAINT loan_decisions_product_check CHECK (product IN ('new', 'used', 'fixed', 'variable'))
);

-- Funded loans, credit cards and home-equity lines.
CREATE TABLE IF NOT EXISTS loans (
    loan_id VARCHAR(50) NOT NULL PRIMARY KEY,
    application_id VARCHAR(50) NOT NULL,
    customer_id VARCHAR(50) NOT NULL,
    principal DECIMAL(12,2) NOT NULL,       -- USD paid out, the limit for a line
    annual_rate DECIMAL(6,3) NOT NULL,      -- percent a year, fixed at funding
    term_months INTEGER NULL,               -- NULL for lines, which have no instalments
    funded_on DATE NOT NULL,
    status VARCHAR(20) NOT NULL,            -- at as_of
    true_pd DECIMAL(7,6) NOT NULL,          -- probability of default within 12 months: ground truth, not a feature
    CONSTRAINT loans_application_id_key UNIQUE (application_id),
    CONSTRAINT loans_application_id_fkey FOREIGN KEY (application_id) REFERENCES loan_applications (application_id),
    CONSTRAINT loans_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT loans_principal_check CHECK (principal BETWEEN 0.01 AND 9999999999.99),
    CONSTRAINT loans_annual_rate_check CHECK (annual_rate BETWEEN 0 AND 100),
    CONSTRAINT loans_term_months_check CHECK (term_months BETWEEN 1 AND 480),
    CONSTRAINT loans_status_check CHECK (status IN ('current', 'late', 'defaulted', 'paid_off')),
    CONSTRAINT loans_true_pd_check CHECK (true_pd BETWEEN 0 AND 1)
);
CREATE INDEX IF NOT EXISTS loans_customer_id_idx ON loans (customer_id);

-- Instalments due up to as_of, paid or not.
CREATE TABLE IF NOT EXISTS loan_payments (
    payment_id VARCHAR(50) NOT NULL PRIMARY KEY,
    loan_id VARCHAR(50) NOT NULL,
    instalment INTEGER NOT NULL,            -- from 1
    due_on DATE NOT NULL,
    paid_on DATE NULL,                      -- NULL if it was not
    amount_due DECIMAL(12,2) NOT NULL,
    amount_paid DECIMAL(12,2) NOT NULL,     -- more than was due where the loan was paid off early
    days_past_due INTEGER NOT NULL,         -- to payment, or to as_of while unpaid
    principal_after DECIMAL(12,2) NOT NULL,
    CONSTRAINT loan_payments_loan_id_instalment_key UNIQUE (loan_id, instalment),
    CONSTRAINT loan_payments_loan_id_fkey FOREIGN KEY (loan_id) REFERENCES loans (loan_id),
    CONSTRAINT loan_payments_instalment_check CHECK (instalment BETWEEN 1 AND 480),
    CONSTRAINT loan_payments_amount_due_check CHECK (amount_due BETWEEN 0 AND 9999999999.99),
    CONSTRAINT loan_payments_amount_paid_check CHECK (amount_paid BETWEEN 0 AND 9999999999.99),
    CONSTRAINT loan_payments_days_past_due_check CHECK (days_past_due BETWEEN 0 AND 100000),
    CONSTRAINT loan_payments_principal_after_check CHECK (principal_after BETWEEN 0 AND 9999999999.99)
);

-- Events of all streams, in one envelope.
CREATE TABLE IF NOT EXISTS events (
    event_id VARCHAR(50) NOT NULL PRIMARY KEY,
    event_type VARCHAR(50) NOT NULL,
    event_version VARCHAR(10) NOT NULL,     -- of the form of the payload
    occurred_at TIMESTAMP NOT NULL,         -- to the millisecond
    source_service VARCHAR(50) NOT NULL,
    correlation_id VARCHAR(50) NOT NULL,    -- the same for all events of one flow
    customer_id VARCHAR(50) NULL,           -- NULL where it concerns nobody in particular
    payload JSON NOT NULL,
    CONSTRAINT events_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT events_payload_check CHECK (json_valid(payload))
);
CREATE INDEX IF NOT EXISTS events_event_type_occurred_at_idx ON events (event_type, occurred_at);
CREATE INDEX IF NOT EXISTS events_correlation_id_idx ON events (correlation_id);
CREATE INDEX IF NOT EXISTS events_customer_id_idx ON events (customer_id);
