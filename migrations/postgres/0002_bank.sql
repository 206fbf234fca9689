-- Accounts: the houses, what customers keep there, every movement and what is known of it.
--
-- Every statement may be run again, as in the first migration, and what is said there holds here too.

-- The houses at which accounts are kept.
CREATE TABLE IF NOT EXISTS banks (
    bank_id VARCHAR(255) NOT NULL PRIMARY KEY,
    bank_name VARCHAR(255) NOT NULL,
    data_source VARCHAR(20) NOT NULL,       -- made here, or read from a bank's interface
    extracted_at TIMESTAMP NULL,            -- NULL for what was made here
    CONSTRAINT banks_data_source_check CHECK (data_source IN ('REAL_API', 'SYNTHETIC'))
);

-- What customers keep there.
CREATE TABLE IF NOT EXISTS accounts (
    bank_id VARCHAR(255) NOT NULL,
    account_id VARCHAR(255) NOT NULL,
    customer_id VARCHAR(50) NULL,           -- NULL where an outside bank does not say
    account_label VARCHAR(100) NOT NULL,
    account_type VARCHAR(50) NOT NULL,
    currency VARCHAR(3) NOT NULL,           -- ISO 4217
    opened_on DATE NOT NULL,
    opening_balance DECIMAL(12,2) NOT NULL, -- before the first of its transactions; below zero is owed
    data_source VARCHAR(20) NOT NULL,
    extracted_at TIMESTAMP NULL,
    PRIMARY KEY (bank_id, account_id),
    CONSTRAINT accounts_bank_id_fkey FOREIGN KEY (bank_id) REFERENCES banks (bank_id),
    CONSTRAINT accounts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT accounts_account_type_check CHECK (account_type IN ('checking', 'savings', 'credit_card')),
    CONSTRAINT accounts_opening_balance_check CHECK (opening_balance BETWEEN -9999999999.99 AND 9999999999.99),
    CONSTRAINT accounts_data_source_check CHECK (data_source IN ('REAL_API', 'SYNTHETIC'))
);
CREATE INDEX IF NOT EXISTS accounts_customer_id_idx ON accounts (customer_id);

-- Every movement on an account.
CREATE TABLE IF NOT EXISTS transactions (
    transaction_id VARCHAR(50) NOT NULL PRIMARY KEY,
    bank_id VARCHAR(255) NOT NULL,
    account_id VARCHAR(255) NOT NULL,
    booked_at TIMESTAMP(3) NOT NULL,        -- to the millisecond
    transaction_type VARCHAR(50) NOT NULL,  -- how the money moved
    category VARCHAR(50) NOT NULL,          -- what for
    mcc VARCHAR(4) NULL,                    -- ISO 18245; NULL for all but purchases
    entity_type VARCHAR(50) NOT NULL,       -- who is on the other side
    recipient_entity VARCHAR(100) NOT NULL, -- persons as user_ and ten digits
    description TEXT NOT NULL,
    city VARCHAR(50) NOT NULL,
    country VARCHAR(2) NOT NULL,            -- ISO 3166
    amount DECIMAL(12,2) NOT NULL,          -- below zero for what leaves the account
    currency VARCHAR(3) NOT NULL,           -- the account's
    balance_after DECIMAL(14,2) NOT NULL,   -- of the account
    is_recurring BOOLEAN NOT NULL,
    counterparty_account_id VARCHAR(255) NULL,  -- NULL unless kept here; no foreign key, so that lives load alone
    data_source VARCHAR(20) NOT NULL,
    CONSTRAINT transactions_bank_id_account_id_fkey FOREIGN KEY (bank_id, account_id)
        REFERENCES accounts (bank_id, account_id),
    CONSTRAINT transactions_transaction_type_check CHECK (transaction_type IN
        ('card_purchase', 'online_purchase', 'person_to_person', 'bank_transfer', 'atm_withdrawal', 'direct_debit',
         'bill_payment', 'standing_order', 'salary', 'refund', 'cash_deposit', 'fee', 'interest')),
    CONSTRAINT transactions_category_check CHECK (category IN
        ('grocery', 'restaurant', 'fuel', 'retail', 'online_service', 'travel', 'transport', 'healthcare', 'education',
         'entertainment', 'utility', 'housing', 'insurance', 'loan', 'card_payment', 'savings', 'investment',
         'family', 'cash', 'income', 'fee', 'interest')),
    CONSTRAINT transactions_entity_type_check CHECK (entity_type IN
        ('merchant', 'person', 'employer', 'business', 'government', 'landlord', 'utility', 'bank', 'own')),
    CONSTRAINT transactions_amount_check CHECK (amount BETWEEN -9999999999.99 AND 9999999999.99),
    CONSTRAINT transactions_data_source_check CHECK (data_source IN ('REAL_API', 'SYNTHETIC'))
);
-- Serves the foreign key as well: hardly two accounts share an account_id, whatever their bank.
CREATE INDEX IF NOT EXISTS transactions_account_id_booked_at_idx ON transactions (account_id, booked_at);

-- Ground truth about transactions that are accidents or fraud. Kept apart: no detector may see it.
CREATE TABLE IF NOT EXISTS transaction_labels (
    transaction_id VARCHAR(50) NOT NULL,
    label VARCHAR(50) NOT NULL,
    case_id VARCHAR(50) NOT NULL,           -- the same for all rows of one case
    role VARCHAR(50) NOT NULL,              -- of this row in its case
    known_at TIMESTAMP(3) NOT NULL,         -- to the millisecond; when the bank came to know
    original_recipient_entity VARCHAR(100) NULL,    -- NULL unless the payee was mistyped
    PRIMARY KEY (transaction_id, label),
    CONSTRAINT transaction_labels_transaction_id_fkey FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id),
    CONSTRAINT transaction_labels_label_check CHECK (label IN
        ('accident_burst', 'high_amount', 'mistyped_entity', 'fraud_card_testing', 'fraud_account_takeover',
         'fraud_app_scam', 'fraud_mule', 'structuring'))
);

-- Transactions and what is known of them, one row each. A label of a name is at most one, so the joins add no row;
-- of fraud there may be several.
CREATE OR REPLACE VIEW labelled_transactions AS
SELECT t.*,
    burst.label IS NOT NULL AS is_accident_burst,
    high.label IS NOT NULL AS is_high_amount_accident,
    mistyped.label IS NOT NULL AS is_mistyped_entity_accident,
    EXISTS (SELECT 1 FROM transaction_labels AS fraud WHERE fraud.transaction_id = t.transaction_id
        AND (SUBSTR(fraud.label, 1, 6) = 'fraud_' OR fraud.label = 'structuring')) AS is_fraud,
    COALESCE(mistyped.original_recipient_entity, t.recipient_entity) AS original_recipient_entity
FROM transactions AS t
LEFT JOIN transaction_labels AS burst
    ON burst.transaction_id = t.transaction_id AND burst.label = 'accident_burst'
LEFT JOIN transaction_labels AS high
    ON high.transaction_id = t.transaction_id AND high.label = 'high_amount'
LEFT JOIN transaction_labels AS mistyped
    ON mistyped.transaction_id = t.transaction_id AND mistyped.label = 'mistyped_entity';
