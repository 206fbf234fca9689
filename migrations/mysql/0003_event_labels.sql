-- What is known of events. The table of events itself has been there from the first migration on.

-- Ground truth about events that belong to a fraud or an oddity. Kept apart: no detector may see it.
CREATE TABLE IF NOT EXISTS event_labels (
    event_id VARCHAR(50) NOT NULL,
    label VARCHAR(50) NOT NULL,
    case_id VARCHAR(50) NOT NULL,           -- the same for all events of one case
    PRIMARY KEY (event_id, label),
    CONSTRAINT event_labels_event_id_fkey FOREIGN KEY (event_id) REFERENCES events (event_id),
    CONSTRAINT event_labels_label_check CHECK (label IN
        ('collusion', 'shared_device', 'fraud', 'structuring', 'velocity', 'impossible_travel', 'unusual_hour',
         'account_takeover', 'smurfing'))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
