/** The tables of SNS. */
export const TABLES = `
  create table if not exists sns_topic(
    arn text primary key, account text not null, region text not null, attributes text not null, tags text not null,
    removed integer not null, sequence integer not null) without rowid;
  create index if not exists sns_topic_owner on sns_topic(account, region, arn);
  create table if not exists sns_subscription(
    id integer primary key, arn text not null unique, topic text not null, owner text not null, region text not null, protocol text not null,
    endpoint text not null, principal text not null, token text not null, is_confirmed integer not null,
    is_authenticated integer not null, attributes text not null, unique(topic, protocol, endpoint));
  create index if not exists sns_subscription_owner on sns_subscription(owner, region, id);
  create table if not exists sns_message(
    id integer primary key, topic text not null, message_id text not null, content text not null, published_at integer not null,
    cause integer not null);
  create table if not exists sns_delivery(
    id integer primary key, subscription text not null, message integer not null, message_group text, due integer, attempts integer not null,
    is_running integer not null);
  create index if not exists sns_delivery_due on sns_delivery(subscription, due, id) where due is not null;
  create index if not exists sns_delivery_group on sns_delivery(subscription, message_group, id) where message_group is not null;
  create index if not exists sns_delivery_message on sns_delivery(message);
  create index if not exists sns_delivery_running on sns_delivery(id) where is_running = 1;
  create table if not exists sns_dedup(
    topic text not null, key text not null, expires integer not null, message_id text not null, sequence text not null,
    primary key(topic, key)) without rowid;
  create index if not exists sns_dedup_expires on sns_dedup(expires);
  create table if not exists sns_outbox(
    id integer primary key, at integer not null, topic text, subscription text, protocol text not null, endpoint text not null,
    subject text, body text not null);
`;
