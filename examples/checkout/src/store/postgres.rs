//! PostgreSQL, with feature `postgres`.

use super::{Database, DatabaseError, Numbered};
use crate::domain::{Account, Invoice, Job, Order};
use checkout_telemetry::checkout::{OrderId, TraceContext};
use postgres::{Client, NoTls};
use std::mem::ManuallyDrop;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS orders (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, account_tier TEXT NOT NULL,
        customer_email TEXT NOT NULL, amount_cents BIGINT NOT NULL, card_token TEXT NOT NULL,
        payment_id TEXT
    );
    CREATE TABLE IF NOT EXISTS outbox (
        number BIGSERIAL PRIMARY KEY, queue TEXT NOT NULL, job_type TEXT NOT NULL,
        order_id TEXT NOT NULL, created_at BIGINT NOT NULL, trace_context TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS invoices (order_id TEXT PRIMARY KEY, id TEXT NOT NULL);
";
/// Arbitrary lock number, so that processes which start together do not create the tables at the same time.
const LOCK: i64 = 7_261;

/// Connection of a process, never dropped: the client contains a tokio runtime, whose drop panics inside another runtime.
pub(super) struct Postgres(ManuallyDrop<Client>);

impl Postgres {
    pub(super) fn connect(url: &str) -> Result<Self, DatabaseError> {
        let mut client = Client::connect(url, NoTls)?;
        let mut tables = client.transaction()?;
        tables.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])?;
        tables.batch_execute(TABLES)?;
        tables.commit()?;
        Ok(Self(ManuallyDrop::new(client)))
    }
}

impl Database for Postgres {
    fn place(&mut self, orders: &[Order]) -> Result<(), DatabaseError> {
        let mut transaction = self.0.transaction()?;
        for order in orders {
            transaction.execute(
                "INSERT INTO orders (id, account_id, account_tier, customer_email, amount_cents, card_token)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET payment_id = NULL",
                &[
                    &order.id.as_str(),
                    &order.account.id.as_str(),
                    &order.account.tier.as_str(),
                    &order.customer_email,
                    &order.amount_cents,
                    &order.card_token,
                ],
            )?;
        }
        Ok(transaction.commit()?)
    }

    fn order(&mut self, id: &OrderId) -> Result<Option<Order>, DatabaseError> {
        let row = self.0.query_opt(
            "SELECT account_id, account_tier, customer_email, amount_cents, card_token
             FROM orders WHERE id = $1",
            &[&id.as_str()],
        )?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Order {
            id: id.clone(),
            account: Account {
                id: row.try_get::<_, String>(0)?.into(),
                tier: row.try_get::<_, String>(1)?.parse()?,
            },
            customer_email: row.try_get(2)?,
            amount_cents: row.try_get(3)?,
            card_token: row.try_get(4)?,
        }))
    }

    fn pay(&mut self, order: &OrderId, payment: &str, job: &Job) -> Result<bool, DatabaseError> {
        let mut transaction = self.0.transaction()?;
        let paid = transaction.execute(
            "UPDATE orders SET payment_id = $1 WHERE id = $2 AND payment_id IS NULL",
            &[&payment, &order.as_str()],
        )?;
        if paid == 0 {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO outbox (queue, job_type, order_id, created_at, trace_context)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                &job.queue,
                &job.kind.as_str(),
                &job.order_id.as_str(),
                &job.created_at,
                &job.trace_context.to_string(),
            ],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    fn waiting(&mut self, limit: i64) -> Result<Vec<Numbered>, DatabaseError> {
        let rows = self.0.query(
            "SELECT number, queue, job_type, order_id, created_at, trace_context
             FROM outbox ORDER BY number LIMIT $1",
            &[&limit],
        )?;
        let numbered = rows.iter().map(|row| {
            let job = Job {
                queue: row.try_get(1)?,
                kind: row.try_get::<_, String>(2)?.parse()?,
                order_id: OrderId::new(row.try_get::<_, String>(3)?),
                created_at: row.try_get(4)?,
                // A damaged column loses the trace, but not the job.
                trace_context: TraceContext::from_lossy(row.try_get(5)?),
            };
            Ok((row.try_get(0)?, job))
        });
        numbered.collect()
    }

    fn delivered(&mut self, jobs: &[i64]) -> Result<(), DatabaseError> {
        self.0
            .execute("DELETE FROM outbox WHERE number = ANY($1)", &[&jobs])?;
        Ok(())
    }

    fn keep(&mut self, invoice: &Invoice) -> Result<(), DatabaseError> {
        self.0.execute(
            "INSERT INTO invoices (order_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&invoice.order_id.as_str(), &invoice.id],
        )?;
        Ok(())
    }
}
