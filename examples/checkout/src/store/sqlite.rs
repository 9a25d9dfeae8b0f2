//! SQLite, compiled in.

use super::{Database, DatabaseError, Numbered};
use crate::domain::{Account, Invoice, Job, Order};
use checkout_telemetry::checkout::{OrderId, TraceContext};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::time::Duration;

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS orders (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, account_tier TEXT NOT NULL,
        customer_email TEXT NOT NULL, amount_cents INTEGER NOT NULL, card_token TEXT NOT NULL,
        payment_id TEXT
    );
    CREATE TABLE IF NOT EXISTS outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, job_type TEXT NOT NULL,
        order_id TEXT NOT NULL, created_at INTEGER NOT NULL, trace_context TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS invoices (order_id TEXT PRIMARY KEY, id TEXT NOT NULL);
";

pub(super) struct Sqlite(Connection);

impl Sqlite {
    pub(super) fn open(file: &str) -> Result<Self, DatabaseError> {
        let connection = Connection::open(file)?;
        connection.busy_handler(Some(wait))?;
        connection.execute_batch(TABLES)?;
        Ok(Self(connection))
    }
}

/// Busy handler: waits 200 µs at a time, up to five seconds. Other processes lock the file for less than a millisecond, but
/// the waits of SQLite's own handler grow to a tenth of a second.
fn wait(earlier_calls: i32) -> bool {
    std::thread::sleep(Duration::from_micros(200));
    earlier_calls < 25_000
}

impl Database for Sqlite {
    fn place(&mut self, orders: &[Order]) -> Result<(), DatabaseError> {
        let transaction = self.0.transaction()?;
        for order in orders {
            transaction.prepare_cached(
                "INSERT OR REPLACE INTO orders (id, account_id, account_tier, customer_email, amount_cents, card_token)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                order.id.as_str(),
                order.account.id.as_str(),
                order.account.tier.as_str(),
                order.customer_email,
                order.amount_cents,
                order.card_token,
            ])?;
        }
        Ok(transaction.commit()?)
    }

    fn order(&mut self, id: &OrderId) -> Result<Option<Order>, DatabaseError> {
        let mut orders = self.0.prepare_cached(
            "SELECT account_id, account_tier, customer_email, amount_cents, card_token
             FROM orders WHERE id = ?",
        )?;
        let order = orders.query_row([id.as_str()], |row| {
            let tier: String = row.get(1)?;
            let account: String = row.get(0)?;
            Ok((account, tier, row.get(2)?, row.get(3)?, row.get(4)?))
        });
        let Some((account, tier, customer_email, amount_cents, card_token)) = order.optional()?
        else {
            return Ok(None);
        };
        Ok(Some(Order {
            id: id.clone(),
            account: Account {
                id: account.into(),
                tier: tier.parse()?,
            },
            customer_email,
            amount_cents,
            card_token,
        }))
    }

    fn pay(&mut self, order: &OrderId, payment: &str, job: &Job) -> Result<bool, DatabaseError> {
        let transaction = self.0.transaction()?;
        let paid = transaction
            .prepare_cached("UPDATE orders SET payment_id = ? WHERE id = ? AND payment_id IS NULL")?
            .execute(params![payment, order.as_str()])?;
        if paid == 0 {
            return Ok(false);
        }
        transaction
            .prepare_cached(
                "INSERT INTO outbox (queue, job_type, order_id, created_at, trace_context)
             VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![
                job.queue,
                job.kind.as_str(),
                job.order_id.as_str(),
                job.created_at,
                job.trace_context.to_string(),
            ])?;
        transaction.commit()?;
        Ok(true)
    }

    fn waiting(&mut self, limit: i64) -> Result<Vec<Numbered>, DatabaseError> {
        let mut jobs = self.0.prepare_cached(
            "SELECT number, queue, job_type, order_id, created_at, trace_context
             FROM outbox ORDER BY number LIMIT ?",
        )?;
        let mut rows = jobs.query([limit])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            let job = Job {
                queue: row.get(1)?,
                kind: row.get::<_, String>(2)?.parse()?,
                order_id: OrderId::new(row.get::<_, String>(3)?),
                created_at: row.get(4)?,
                // A damaged column loses the trace, but not the job.
                trace_context: TraceContext::from_lossy(&row.get::<_, String>(5)?),
            };
            waiting.push((row.get(0)?, job));
        }
        Ok(waiting)
    }

    fn delivered(&mut self, jobs: &[i64]) -> Result<(), DatabaseError> {
        let transaction = self.0.transaction()?;
        for number in jobs {
            transaction
                .prepare_cached("DELETE FROM outbox WHERE number = ?")?
                .execute([number])?;
        }
        Ok(transaction.commit()?)
    }

    fn keep(&mut self, invoice: &Invoice) -> Result<(), DatabaseError> {
        self.0
            .prepare_cached("INSERT OR IGNORE INTO invoices (order_id, id) VALUES (?, ?)")?
            .execute(params![invoice.order_id.as_str(), invoice.id])?;
        Ok(())
    }
}
