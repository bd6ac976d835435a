-- after: 0001_create_users_and_follows

-- up
CREATE TABLE articles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  author_id INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT uq_articles_slug UNIQUE (slug),
  CONSTRAINT fk_articles_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_articles_created_at ON articles (created_at);
CREATE INDEX ix_articles_author_id ON articles (author_id);
CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  CONSTRAINT uq_tags_name UNIQUE (name)
);
CREATE TABLE articles_tags (
  article_id INTEGER NOT NULL,
  tag_id INTEGER NOT NULL,
  CONSTRAINT pk_articles_tags PRIMARY KEY (article_id, tag_id),
  CONSTRAINT fk_articles_tags_article_id_articles FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
  CONSTRAINT fk_articles_tags_tag_id_tags FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
);
CREATE INDEX ix_articles_tags_tag_id ON articles_tags (tag_id);
CREATE TABLE comments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  article_id INTEGER NOT NULL,
  author_id INTEGER NOT NULL,
  CONSTRAINT fk_comments_article_id_articles FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE,
  CONSTRAINT fk_comments_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_comments_article_id ON comments (article_id);
CREATE TABLE favorites (
  user_id INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  CONSTRAINT pk_favorites PRIMARY KEY (user_id, article_id),
  CONSTRAINT fk_favorites_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_favorites_article_id_articles FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_favorites_article_id ON favorites (article_id);

-- down
-- data loss: Table 'favorites' goes, with all its rows.
-- data loss: Table 'comments' goes, with all its rows.
-- data loss: Table 'articles_tags' goes, with all its rows.
-- data loss: Table 'tags' goes, with all its rows.
-- data loss: Table 'articles' goes, with all its rows.
PRAGMA foreign_keys = OFF;
DROP TABLE favorites;
DROP TABLE comments;
DROP TABLE articles_tags;
DROP TABLE tags;
DROP TABLE articles;
PRAGMA foreign_key_check;
PRAGMA foreign_keys = ON;
