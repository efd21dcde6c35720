package org.pagewheel.shell.internal.print;

import java.util.AbstractList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code stats} returns: a list of accounts, printed one below another. */
public final class Accounts extends AbstractList<Account> {
  private final List<Account> accounts;

  public Accounts(List<Account> accounts) {
    this.accounts = List.copyOf(accounts);
  }

  @Override
  public Account get(int index) {
    return accounts.get(index);
  }

  @Override
  public int size() {
    return accounts.size();
  }

  /** The tables, a blank line between. */
  String format() {
    return accounts.stream().map(Account::format).collect(Collectors.joining("\n"));
  }

  /** The same for a terminal of a width. */
  String format(int columns) {
    return accounts.stream()
        .map(account -> account.format(columns))
        .collect(Collectors.joining("\n"));
  }
}
