using System.Diagnostics;
using System.Globalization;
using Congress.Diagnostics;
using Congress.Persistence;
using Congress.Policies.Catalog;

namespace Congress.Benchmarks.Store;

/// <summary>A process with an engine that inserts random rules into a store that others write too, and tells of each what became of it.</summary>
internal static class RuleWriter
{
    public const string Policy = "p";
    private const int Tables = 200;

    /// <summary>Opens the catalog of a store in an engine of its own.</summary>
    public static async Task<(PolicyCatalog Catalog, PolicyEngine Engine, SqliteStore Store)> OpenAsync(string path)
    {
        var store = await SqliteStore.OpenAsync(path, new() { Patience = TimeSpan.FromSeconds(30) });
        var engine = new PolicyEngine();
        var catalog = new PolicyCatalog(engine, new SqliteRuleLog(store));
        await catalog.CatchUpAsync();
        return (catalog, engine, store);
    }

    /// <summary>Inserts the rules of a writer from a number on, and writes a line for each: its number, <c>ack</c> or <c>no</c>, and microseconds.</summary>
    public static async Task<int> RunAsync(string path, int writer, int first, int count)
    {
        var (catalog, engine, store) = await OpenAsync(path);
        using (engine)
        using (store)
        {
            for (var i = first; i < count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var outcome = "ack";
                try
                {
                    await catalog.InsertRuleAsync(RequestOf(writer, i), new(RequestOf(writer, i), Policy, TextOf(writer, i)));
                }
                catch (Exception exception) when (exception is PolicyException or CatalogException)
                {
                    outcome = "no";
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i} {outcome} {Stopwatch.GetElapsedTime(start).TotalMicroseconds:0}"));
            }
        }

        return 0;
    }

    /// <summary>What a request is known by, and its rule.</summary>
    public static string RequestOf(int writer, int number) => string.Create(CultureInfo.InvariantCulture, $"{writer}-{number}");

    /// <summary>A rule that often closes a cycle with those of others, the same each time.</summary>
    private static string TextOf(int writer, int number)
    {
        var random = new Random((writer * 1_000_003) + number);
        return string.Create(CultureInfo.InvariantCulture, $"t{random.Next(Tables)}(x, {number}) :- t{random.Next(Tables)}(x, y), not t{random.Next(Tables)}(y, {writer})");
    }
}
