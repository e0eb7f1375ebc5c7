using System.Globalization;
using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Concurrency;

/// <summary>An engine whose whole state is a function of one number, so that whoever reads it can tell whether all that they read is of one version.</summary>
/// <remarks>Each step moves a token to the next of three tables, moves the gap in a ring of links, writes new notes in
/// place of the old ones, and now and then adds or removes a rule.</remarks>
internal sealed class TokenWorld : IDisposable
{
    public const int Tokens = 40;
    public const int Nodes = 12;
    public const int Notes = 300;

    /// <summary>How many pairs of nodes are connected in a ring with one gap, wherever it is.</summary>
    public const int Paths = Nodes * (Nodes - 1) / 2;

    private static readonly string[] Places = ["a", "b", "c"];

    private readonly Random _random = new(1);
    private IDisposable? _maintenance;

    public TokenWorld()
    {
        Engine = PolicyEngine.Create(
            """
            any(x) :- a(x).  any(x) :- b(x).  any(x) :- c(x).
            held(count(x)) :- any(x).
            path(x, y) :- link(x, y).  path(x, z) :- path(x, y), link(y, z).
            paths(count(x)) :- pair(x, y).  pair(x, y) :- path(x, y).
            state("version", x) :- version(x).  state("note", x) :- note(x).
            state("a", x) :- a(x).  state("b", x) :- b(x).  state("c", x) :- c(x).
            error(x) :- version(x).  error(x) :- intruder(x).
            error(x) :- token(x), not any(x).  error(x) :- a(x), b(x).  error(x) :- b(x), c(x).  error(x) :- c(x), a(x).
            """, new() { DefaultKind = PolicyKind.Recursive });
        var start = new PolicyBatch().Insert("version", 0).InsertAll("token", Enumerable.Range(0, Tokens).Select(i => new Row(i)))
            .InsertAll("a", Enumerable.Range(0, Tokens).Select(i => new Row(i)))
            .InsertAll("link", Enumerable.Range(1, Nodes - 1).Select(Link)).InsertAll("note", NotesOf(0));
        Engine.Apply(start).ThrowIfRefused();
    }

    public PolicyEngine Engine { get; }

    public int Version { get; private set; }

    /// <summary>Makes the next version.</summary>
    public void Step()
    {
        var (version, token) = (Version + 1, (Version + 1) % Tokens);
        var batch = new PolicyBatch().Delete("version", Version).Insert("version", version)
            .Delete(PlaceOf(token, Version), token).Insert(PlaceOf(token, version), token)
            .Delete("link", Link(version).AsSpan()).Insert("link", Link(Version).AsSpan())
            .InsertAll("note", NotesOf(version));
        foreach (var note in NotesOf(Version))
        {
            batch.Delete("note", note.AsSpan());
        }

        if (HasRule(version) != HasRule(Version))
        {
            const string rule = "state(\"rule\", x) :- version(x)";
            _ = HasRule(version) ? batch.InsertRules(rule) : batch.DeleteRules(rule);
        }

        Engine.Apply(batch).ThrowIfRefused();
        Version = version;
        if (_random.Next(20) == 0)
        {
            _maintenance?.Dispose();
            string[] tables = ["state", "paths", "held", "any"];
            _maintenance = Engine.Maintain(tables.Where(_ => _random.Next(2) == 0));
        }
    }

    /// <summary>What the table <c>state</c> holds in a version.</summary>
    public static HashSet<Row> StateOf(int version)
    {
        var rows = Enumerable.Range(0, Tokens).Select(i => new Row(PlaceOf(i, version), i)).Append(new("version", version))
            .Concat(NotesOf(version).Select(n => new Row("note", n[0])));
        return [.. HasRule(version) ? rows.Append(new("rule", version)) : rows];
    }

    public void Dispose() => Engine.Dispose();

    private static bool HasRule(int version) => version / 10 % 2 == 1;

    private static Row Link(int from) => new(from % Nodes, (from + 1) % Nodes);

    private static string PlaceOf(int token, int version)
    {
        var moves = token == 0 ? version / Tokens : version < token ? 0 : ((version - token) / Tokens) + 1;
        return Places[moves % 3];
    }

    private static IEnumerable<Row> NotesOf(int version) =>
        Enumerable.Range(0, Notes).Select(i => new Row(string.Create(CultureInfo.InvariantCulture, $"note {i} of version {version}")));
}
