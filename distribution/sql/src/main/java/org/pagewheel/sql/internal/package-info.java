/**
 * Questions in SQL, answered by DuckDB: {@link org.pagewheel.sql.internal.DuckDb} for each question
 * makes a database in memory, fills the tables that the question names, and throws it away.
 */
package org.pagewheel.sql.internal;
