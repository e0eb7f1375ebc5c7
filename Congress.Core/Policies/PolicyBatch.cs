using System.Runtime.InteropServices;
using Congress.Data;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies;

/// <summary>Changes of rows, rules and policies that take effect together or not at all.</summary>
/// <remarks>New policies come first, then what the texts declare and define; the rest takes effect in the order in which it
/// was added. So texts of one batch may refer to each other in any order.</remarks>
public sealed class PolicyBatch
{
    private readonly List<Action<Transaction, string>> _announcements = [];
    private readonly List<Action<Transaction, string, CancellationToken>> _changes = [];
    private readonly List<Diagnostic> _syntax = [];
    private RowChanges? _open;   // the changes of rows that were added last, when nothing else came after them

    /// <summary>What the texts of the batch say wrongly.</summary>
    internal IReadOnlyList<Diagnostic> SyntaxFindings => _syntax;

    /// <summary>The number of new rows that its readers gave when it was applied.</summary>
    internal long Loaded { get; private set; }

    /// <summary>Inserts a row.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    public PolicyBatch Insert(string table, params ReadOnlySpan<Value> row) => Change(table, new Row(row), isInsert: true);

    /// <summary>Deletes a row; one that is not there changes nothing.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    public PolicyBatch Delete(string table, params ReadOnlySpan<Value> row) => Change(table, new Row(row), isInsert: false);

    /// <summary>Inserts many rows.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="rows">The rows.</param>
    public PolicyBatch InsertAll(string table, IEnumerable<Row> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            Change(table, row, isInsert: true);
        }

        return this;
    }

    /// <summary>Inserts all rows that a reader gives. They are read while the batch is applied, which can then be done once only.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="rows">The rows; whoever made the reader disposes it, after the batch was applied.</param>
    /// <param name="source">Where the rows come from, in messages, such as a path; null for nothing.</param>
    public PolicyBatch InsertAll(string table, RowReader rows, string? source = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentNullException.ThrowIfNull(rows);
        var isRead = false;
        Add((transaction, fallback, cancellationToken) =>
        {
            if (isRead)
            {
                throw new InvalidOperationException($"The rows for {table} have been read; a batch with a reader is applied once.");
            }

            isRead = true;
            Loaded += transaction.InsertAll(TableName.Parse(table, fallback), rows, new(source, 0, 0, 0, 0), cancellationToken);
        });
        return this;
    }

    /// <summary>Inserts the rules, facts and declarations of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">The policy that they go into; null for the default one.</param>
    /// <param name="source">The name of the text in messages, such as a path; null for the policy's name.</param>
    public PolicyBatch InsertRules(string text, string? policy = null, string? source = null)
    {
        return InsertRules(Parse(text, source ?? policy), policy);
    }

    /// <summary>Inserts statements that have been read.</summary>
    internal PolicyBatch InsertRules(IReadOnlyList<Statement> statements, string? policy)
    {
        _announcements.Add((transaction, fallback) => transaction.Announce(policy ?? fallback, statements));
        Add((transaction, fallback, _) => transaction.Define(policy ?? fallback, statements));
        return this;
    }

    /// <summary>Makes known how wide a table is whose rows will come later, so that rules can be checked against it.</summary>
    internal PolicyBatch Expect(TableName table, int width)
    {
        _announcements.Add((transaction, _) => transaction.Expect(table, width));
        return this;
    }

    /// <summary>Deletes the rules, facts and declarations of a text; one that is not there changes nothing.</summary>
    /// <param name="text">The text. A rule is known by its head and conditions, whatever their order.</param>
    /// <param name="policy">The policy that holds them; null for the default one.</param>
    public PolicyBatch DeleteRules(string text, string? policy = null)
    {
        var statements = Parse(text, policy);
        Add((transaction, fallback, _) => transaction.Delete(policy ?? fallback, statements));
        return this;
    }

    /// <summary>Creates a policy.</summary>
    public PolicyBatch CreatePolicy(string name, PolicyKind kind = PolicyKind.Nonrecursive)
    {
        _announcements.Add((transaction, _) => transaction.CreatePolicy(name, kind));
        return this;
    }

    /// <summary>Deletes a policy with its rules and rows.</summary>
    public PolicyBatch DeletePolicy(string name)
    {
        Add((transaction, _, _) => transaction.DeletePolicy(name, refuseDangling: false));
        return this;
    }

    /// <summary>Makes the changes in a transaction.</summary>
    internal void ApplyTo(Transaction transaction, string defaultPolicy, CancellationToken cancellationToken)
    {
        foreach (var announcement in _announcements)
        {
            announcement(transaction, defaultPolicy);
        }

        foreach (var change in _changes)
        {
            change(transaction, defaultPolicy, cancellationToken);
        }
    }

    private PolicyBatch Change(string table, Row row, bool isInsert)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        if (_open is not { } rows || !string.Equals(rows.Table, table, StringComparison.Ordinal))
        {
            rows = new(table);
            Add(rows.ApplyTo);
            _open = rows;
        }

        rows.Add(row, isInsert);
        return this;
    }

    private void Add(Action<Transaction, string, CancellationToken> change)
    {
        _changes.Add(change);
        _open = null;
    }

    private IReadOnlyList<Statement> Parse(string text, string? source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = Parser.Parse(text, source);
        _syntax.AddRange(parsed.Diagnostics);
        return parsed.Statements;
    }

    /// <summary>Rows of one table that come and go, one after the other.</summary>
    private sealed class RowChanges(string table)
    {
        private const int Announced = 64;

        private readonly List<(Row Row, bool IsInsert)> _rows = [];

        public string Table => table;

        public void Add(Row row, bool isInsert) => _rows.Add((row, isInsert));

        public void ApplyTo(Transaction transaction, string defaultPolicy, CancellationToken cancellationToken)
        {
            var name = TableName.Parse(table, defaultPolicy);
            var rows = CollectionsMarshal.AsSpan(_rows);
            for (var i = 0; i < rows.Length; i++)
            {
                if (i % Announced == 0 && rows.Length - i >= Announced)
                {
                    transaction.Announce(name, rows.Slice(i, Announced));
                }

                transaction.Change(name, rows[i].Row.AsSpan(), rows[i].IsInsert);
            }
        }
    }
}
