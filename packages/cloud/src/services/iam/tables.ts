/** The tables of IAM. Who reads policies without the service (the evaluator) defines them by the same words. */
export const TABLES: string = `
  create table if not exists iam_entity(
    id text primary key, kind text not null, account text not null, name text not null collate nocase, path text not null,
    created_at integer not null, trust_policy text, description text, max_session_seconds integer, boundary text,
    unique(account, kind, name)) without rowid;
  create table if not exists iam_inline_policy(
    entity_id text not null, name text not null, document text not null, primary key(entity_id, name)) without rowid;
  create table if not exists iam_attachment(
    entity_id text not null, policy_arn text not null, primary key(entity_id, policy_arn)) without rowid;
  create index if not exists iam_attachment_policy on iam_attachment(policy_arn);
  create table if not exists iam_member(
    parent_id text not null, child_id text not null, primary key(parent_id, child_id)) without rowid;
  create index if not exists iam_member_child on iam_member(child_id);
  create table if not exists iam_policy(
    arn text primary key, id text not null, account text not null, name text not null, path text not null, description text,
    created_at integer not null, updated_at integer not null, default_version integer not null, last_version integer not null) without rowid;
  create index if not exists iam_policy_name on iam_policy(account, name collate nocase);
  create table if not exists iam_policy_version(
    policy_arn text not null, version integer not null, document text not null, created_at integer not null,
    primary key(policy_arn, version)) without rowid;
  create table if not exists iam_tag(
    owner text not null, key text not null collate nocase, value text not null, primary key(owner, key)) without rowid;
  create table if not exists iam_access_key(
    id text primary key, user_id text not null, secret text not null, status text not null, created_at integer not null) without rowid;
  create index if not exists iam_access_key_user on iam_access_key(user_id)`;
