using System.Globalization;
using Congress.Data;
using Congress.Persistence;
using Congress.Policies.Catalog;

namespace Congress.Tests.Persistence;

public sealed class SqliteRuleLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_change_comes_back_as_it_was()
    {
        CatalogChange[] changes =
        [
            new CatalogChange.PolicyCreated(new("id-1", "net", PolicyKind.Recursive, "net", "what, \"quoted\"\n, is ünusual 🙂", "ann")),
            new CatalogChange.PolicyCreated(new("id-2", "plain", PolicyKind.Nonrecursive, "plain")),
            new CatalogChange.RuleInserted(new("r-1", "net", "p(x) :-\n  q(x)  // as written", "a name", "")),
            new CatalogChange.RuleInserted(new("r-2", "net", "p(1)")),
            new CatalogChange.RuleDeleted(new("r-2", "net", "b(1)")),
            new CatalogChange.PolicyDeleted(new("p-2", "plain", PolicyKind.Action, "plain")),
        ];
        using (var store = await SqliteStore.OpenAsync(_folder.File("a.db")))
        using (var append = await new SqliteRuleLog(store).BeginAppendAsync(0))
        {
            append.Commit("request", changes);
        }

        using var again = await SqliteStore.OpenAsync(_folder.File("a.db"));
        var entry = Assert.Single((await new SqliteRuleLog(again).ReadAfterAsync(0)).Entries);
        Assert.Equal((1, "request"), (entry.Version, entry.RequestId));
        Assert.Equal(changes, entry.Changes);
    }

    [Fact]
    public async Task What_is_not_committed_leaves_no_trace()
    {
        using var store = await SqliteStore.OpenAsync(_folder.File("a.db"));
        var log = new SqliteRuleLog(store);
        (await log.BeginAppendAsync(0)).Dispose();
        Assert.Equal(0, await log.ReadVersionAsync());
        using (var append = await log.BeginAppendAsync(0))
        {
            Assert.Equal(1, append.Commit("a", [Change(1)]).Version);
        }

        using (var append = await log.BeginAppendAsync(0))
        {
            Assert.Equal([1L], append.Missed.Entries.Select(e => e.Version));
            Assert.Equal(1, append.Find("a")?.Version);
            Assert.Null(append.Find("b"));
        }
    }

    [Fact]
    public async Task Who_is_far_behind_a_compacted_log_begins_with_its_snapshot()
    {
        using var store = await SqliteStore.OpenAsync(_folder.File("a.db"), new() { EntriesKept = 3 });
        var log = new SqliteRuleLog(store);
        for (var i = 1; i <= 10; i++)
        {
            await AppendAsync(log, i);
        }

        CatalogChange[] all = [Change(100)];
        await log.CompactAsync(8, all);
        Assert.Equal(10, await log.ReadVersionAsync());

        var behind = await log.ReadAfterAsync(2);
        Assert.Equal(8, behind.Start?.Version);
        Assert.Equal(all, behind.Start?.Changes);
        Assert.Equal([9L, 10], behind.Entries.Select(e => e.Version));

        var near = await log.ReadAfterAsync(5);
        Assert.Null(near.Start);
        Assert.Equal([6L, 7, 8, 9, 10], near.Entries.Select(e => e.Version));

        await log.CompactAsync(4, [Change(7)]);   // an engine that is behind does not undo what another has done
        Assert.Equal(8, (await log.ReadAfterAsync(0)).Start?.Version);
        Assert.Equal(11, (await AppendAsync(log, 11)).Version);
    }

    [Fact]
    public async Task Many_who_append_at_once_take_turns_without_a_gap()
    {
        const int each = 50;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            using var store = await SqliteStore.OpenAsync(_folder.File("a.db"), new() { Patience = TimeSpan.FromSeconds(60) });
            for (var i = 0; i < each; i++)
            {
                await AppendAsync(new SqliteRuleLog(store), (writer * each) + i);
            }
        })));

        using var reading = await SqliteStore.OpenAsync(_folder.File("a.db"));
        var entries = (await new SqliteRuleLog(reading).ReadAfterAsync(0)).Entries;
        Assert.Equal(Enumerable.Range(1, 4 * each).Select(v => (long)v), entries.Select(e => e.Version));
        Assert.Equal(4 * each, entries.Select(e => e.RequestId).Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<RuleLogEntry> AppendAsync(SqliteRuleLog log, int number)
    {
        using var append = await log.BeginAppendAsync(0);
        return append.Commit(number.ToString(CultureInfo.InvariantCulture), [Change(number)]);
    }

    private static CatalogChange.PolicyDeleted Change(int number) => new(new("id", number.ToString(CultureInfo.InvariantCulture), PolicyKind.Nonrecursive, "p"));
}
