-- after: 0002_create_articles_tags_and_comments

-- up
CREATE TABLE posts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT fk_posts_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_posts_user_id ON posts (user_id);

-- down
-- data loss: Table 'posts' goes, with all its rows.
PRAGMA foreign_keys = OFF;
DROP TABLE posts;
PRAGMA foreign_key_check;
PRAGMA foreign_keys = ON;
