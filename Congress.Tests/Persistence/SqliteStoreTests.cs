using System.Globalization;
using Congress.Diagnostics;
using Congress.Persistence;
using Congress.Policies.Catalog;
using Microsoft.Data.Sqlite;

namespace Congress.Tests.Persistence;

public sealed class SqliteStoreTests : IDisposable
{
    private static readonly IReadOnlyList<CatalogChange> OneChange = [new CatalogChange.PolicyDeleted(new("id", "p", Congress.Data.PolicyKind.Nonrecursive, "p"))];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("congress.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("this is no database, but a text that is longer than the header of one", "is no SQLite file; expected a store of Congress, or no file")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, for as long as a header of one hundred bytes would be, and longer", "")]
    public async Task A_file_that_is_no_store_is_left_as_it_is(string contents, string expected)
    {
        await File.WriteAllTextAsync(Path, contents);
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(Path));
        Assert.Equal(StoreFailure.Damaged, failure.Failure);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path, failure.Message, StringComparison.Ordinal);
        Assert.Equal(contents, await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_as_it_is()
    {
        Run("CREATE TABLE theirs(x); PRAGMA user_version = 7");
        var before = await File.ReadAllBytesAsync(Path);
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(Path));
        Assert.Equal((StoreFailure.Damaged, $"{Path} is an SQLite file of another program; expected a store of Congress, or no file"), (failure.Failure, failure.Message));
        Assert.Equal(before, await File.ReadAllBytesAsync(Path));
    }

    [Fact]
    public async Task A_store_of_a_newer_release_is_left_as_it_is()
    {
        (await SqliteStore.OpenAsync(Path)).Dispose();
        Run("PRAGMA user_version = 1000");
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(Path));
        Assert.Equal(StoreFailure.Newer, failure.Failure);
        Assert.Contains("has schema 1000; this release knows schemas up to", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_found_when_a_store_is_opened()
    {
        using (var store = await SqliteStore.OpenAsync(Path))
        {
            for (var i = 0; i < 200; i++)
            {
                using var append = await new SqliteRuleLog(store).BeginAppendAsync(i);
                append.Commit(i.ToString(CultureInfo.InvariantCulture), OneChange);
            }
        }

        await using (var file = new FileStream(Path, FileMode.Open))
        {
            file.Seek(4096 * 2, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(Path));
        Assert.Equal(StoreFailure.Damaged, failure.Failure);
        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(_folder.File("missing/congress.db")));
        Assert.Equal(StoreFailure.Unavailable, failure.Failure);
        Assert.Contains("Does its folder exist, and may it be written?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_holds_the_file_for_too_long_is_not_waited_for()
    {
        using var store = await SqliteStore.OpenAsync(Path, new() { Patience = TimeSpan.FromMilliseconds(50) });
        using var other = await SqliteStore.OpenAsync(Path);
        var log = new SqliteRuleLog(store);
        using (await new SqliteRuleLog(other).BeginAppendAsync(0))
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => log.BeginAppendAsync(0));
            Assert.Equal((StoreFailure.Unavailable, $"{Path} is held by another process, for more than 0.05 s"), (failure.Failure, failure.Message));
            Assert.Equal(0, await log.ReadVersionAsync());   // readers go on
        }

        using var append = await log.BeginAppendAsync(0);
        Assert.Equal(1, append.Commit("a", OneChange).Version);
    }

    [Fact]
    public async Task A_full_disk_takes_nothing_away()
    {
        using var store = await SqliteStore.OpenAsync(Path);
        var log = new SqliteRuleLog(store);
        using (var append = await log.BeginAppendAsync(0))
        {
            append.Commit("first", OneChange);
        }

        store.Execute("PRAGMA max_page_count = 8");   // as SQLite says it of a disk that is full
        CatalogChange[] large = [new CatalogChange.RuleInserted(new("id", "p", new string('x', 100_000)))];
        using (var append = await log.BeginAppendAsync(1))
        {
            var failure = Assert.Throws<StoreException>(() => append.Commit("second", large));
            Assert.Equal((StoreFailure.Unavailable, $"{Path} cannot grow: the disk is full"), (failure.Failure, failure.Message));
        }

        store.Execute("PRAGMA max_page_count = 1000000");
        using (var append = await log.BeginAppendAsync(1))
        {
            Assert.Empty(append.Missed.Entries);
            Assert.Equal(2, append.Commit("second", large).Version);
        }
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
