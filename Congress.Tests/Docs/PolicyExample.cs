using System.Text.RegularExpressions;
using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Docs;

/// <summary>Runs a block of policy text as a reader would understand it.</summary>
/// <remarks>
/// Three forms of comment say more than Datalog can: <c>// In policy p, of kind recursive:</c> before the rules of a
/// policy; <c>// Datasource nova: tables servers(id, name); actions pause(id)</c> for what a driver brings; and
/// <c>// p(x) => p(1), p(2)</c> for a question to the policy <c>policy</c> and its answers.
/// </remarks>
internal static partial class PolicyExample
{
    /// <summary>What loading the block finds, and the engine that has it.</summary>
    public static (PolicyEngine Engine, IReadOnlyList<Diagnostic> Diagnostics) Load(string text)
    {
        var lines = text.Split('\n');
        var headings = lines.Select(line => InPolicy().Match(line)).ToArray();
        var own = headings.FirstOrDefault(h => h.Groups["policy"].Value is "policy");
        var engine = new PolicyEngine(new() { DefaultKind = own is null ? PolicyKind.Nonrecursive : KindOf(own) });
        foreach (var other in headings.Where(h => h.Success && h != own))
        {
            engine.CreatePolicy(other.Groups["policy"].Value, KindOf(other));
        }

        foreach (var datasource in lines.Select(line => Datasource().Match(line)).Where(d => d.Success))
        {
            engine.CreateDatasource(datasource.Groups["name"].Value, Schemas(datasource.Groups["tables"].Value), Schemas(datasource.Groups["actions"].Value));
        }

        var batch = new PolicyBatch();
        string? policy = null;
        for (var start = 0; start < lines.Length;)
        {
            if (headings[start].Success)
            {
                policy = headings[start] == own ? null : headings[start].Groups["policy"].Value;
            }

            var end = Enumerable.Range(start + 1, lines.Length - start - 1).FirstOrDefault(i => headings[i].Success, lines.Length);
            batch.InsertRules(new string('\n', start) + string.Join('\n', lines[start..end]), policy);
            start = end;
        }

        return (engine, engine.Apply(batch).Diagnostics);
    }

    /// <summary>The questions of the block and their answers, as texts.</summary>
    public static IEnumerable<(string Query, string[] Answers)> Questions(string text) =>
        from line in text.Split('\n')
        let question = Question().Match(line)
        where question.Success
        select (question.Groups["query"].Value, Answers(question.Groups["answers"].Value));

    private static string[] Answers(string list) =>
        list is "nothing" ? [] : [.. Parser.Parse($"{list} :- true").Statements.Cast<Formula>().Single().Heads.Select(h => h.ToString())];

    private static PolicyKind KindOf(Match heading) =>
        heading.Groups["kind"].Value is "" ? PolicyKind.Nonrecursive : Enum.Parse<PolicyKind>(heading.Groups["kind"].Value, ignoreCase: true);

    private static IEnumerable<TableSchema> Schemas(string list) =>
        from table in Table().Matches(list)
        let declaration = (Declaration)Parser.Parse($"declare {table.Value}").Statements.Single()
        select new TableSchema(declaration.Table, [.. declaration.Columns]);

    [GeneratedRegex(@"^// In policy (?<policy>\w+)(, of kind (?<kind>\w+))?:$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InPolicy();

    [GeneratedRegex(@"^// Datasource (?<name>\w+): tables (?<tables>.+?)(; actions (?<actions>.+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Datasource();

    [GeneratedRegex(@"\w+\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"^// (?<query>.+?) => (?<answers>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Question();
}
