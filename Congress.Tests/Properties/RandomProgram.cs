using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Properties;

/// <summary>A row that is given, not derived.</summary>
internal sealed record GivenRow(TableName Table, Row Row)
{
    /// <summary>No rows, to which others are added in an order that hashes do not shake.</summary>
    public static ImmutableSortedSet<GivenRow> None { get; } =
        ImmutableSortedSet.Create<GivenRow>(Comparer<GivenRow>.Create((x, y) => (x.Table, x.Row).CompareTo((y.Table, y.Row))));

    /// <summary>The row as a fact in its policy's text.</summary>
    public override string ToString() => $"{Table.Table}{Row}";
}

/// <summary>A rule or declaration and the policy that holds it.</summary>
internal sealed class GivenRule
{
    public GivenRule(string policy, string text)
    {
        (Policy, Text) = (policy, text);
        Statement = Parser.Parse(text).Statements.Single();
        Key = (policy, Statement is Formula formula ? formula.Identity : text);
    }

    public string Policy { get; }

    public string Text { get; }

    public Statement Statement { get; }

    /// <summary>What the engine knows the rule by.</summary>
    public (string Policy, string Identity) Key { get; }

    public override string ToString() => $"{Policy}: {Text}";
}

/// <summary>One change: a row or a rule comes or goes.</summary>
internal sealed record Change(bool IsInsert, GivenRow? Row, GivenRule? Rule)
{
    public override string ToString() => $"{(IsInsert ? "insert" : "delete")} {Rule?.ToString() ?? $"row {Row!.Table.Policy}: {Row}"}";
}

/// <summary>The rules and rows of a program at one time.</summary>
internal sealed record ProgramState(ImmutableList<GivenRule> Rules, ImmutableSortedSet<GivenRow> Rows)
{
    /// <summary>The time that rules see.</summary>
    public DateTimeOffset Now { get; init; }

    public ProgramState After(IEnumerable<Change> changes) => changes.Aggregate(this, (state, change) => state.After(change));

    public ProgramState After(Change change) => (change.Rule, change.IsInsert) switch
    {
        (null, true) => this with { Rows = Rows.Add(change.Row!) },
        (null, false) => this with { Rows = Rows.Remove(change.Row!) },
        ({ } rule, true) => Rules.Exists(r => r.Key == rule.Key) ? this : this with { Rules = Rules.Add(rule) },
        ({ } rule, false) => this with { Rules = Rules.RemoveAll(r => r.Key == rule.Key) },
    };

    public NaiveEvaluator Evaluate(params IEnumerable<GivenRule> more) =>
        new(Rules.Concat(more).Select(r => (r.Policy, r.Statement)), Rows.Select(r => (r.Table, r.Row)), Now);
}

/// <summary>A program that a seed stands for, with changes to make to it.</summary>
internal sealed record RandomProgram(
    int Seed, ImmutableArray<(string Name, PolicyKind Kind)> Policies, ImmutableArray<TableName> Tables,
    ProgramState Start, ImmutableArray<ImmutableArray<Change>> Batches, ImmutableHashSet<string> Features)
{
    /// <summary>The tables that rules of the start derive.</summary>
    public IEnumerable<TableName> Derived => Start.Rules.Where(r => r.Statement is Formula)
        .Select(r => new TableName(r.Policy, ((Formula)r.Statement).Head.Table)).Distinct();

    public int Arity(TableName table) => _arities[table];

    private readonly ImmutableDictionary<TableName, int> _arities = ImmutableDictionary<TableName, int>.Empty;

    public ImmutableDictionary<TableName, int> Arities { init => _arities = value; }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"seed {Seed}");
        text.AppendJoin(", ", Policies.Select(p => $"policy {p.Name} is {p.Kind}")).AppendLine();
        text.AppendJoin(Environment.NewLine, Start.Rules).AppendLine();
        text.AppendJoin(Environment.NewLine, Start.Rows.Select(r => $"{r.Table.Policy}: {r}").Order(StringComparer.Ordinal)).AppendLine();
        foreach (var batch in Batches)
        {
            text.Append("batch: ").AppendJoin("; ", batch.Select(c => c.ToString())).AppendLine();
        }

        return text.ToString();
    }
}
