using System.Text.Json;
using Congress.Data;
using Congress.Datasources;

namespace Congress.Tests.Datasources;

/// <summary>Short ways to configure a driver with JSON, and to read what it gives.</summary>
internal static class Configured
{
    /// <summary>The JSON of a text.</summary>
    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>The options of a datasource.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Options(string json) =>
        Json(json).EnumerateObject().ToDictionary(option => option.Name, option => option.Value);

    /// <summary>The settings of datasource <c>source</c>.</summary>
    public static DriverSettings Settings(string json, TimeProvider? time = null) => new("source", Options(json)) { Time = time ?? TimeProvider.System };

    /// <summary>A driver that is checked and made as a node makes it.</summary>
    public static T Make<T>(IDriverFactory factory, string json, TimeProvider? time = null)
        where T : IDatasourceDriver
    {
        DriverRegistry.Check(factory, Options(json));
        return Assert.IsType<T>(factory.Create(Settings(json, time)));
    }

    /// <summary>The rows of a table, sorted, as literals on one line.</summary>
    public static string Rows(IReadOnlyDictionary<string, IReadOnlyCollection<Row>>? tables, string table) =>
        string.Join(' ', Assert.Contains(table, Assert.IsAssignableFrom<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(tables)).Order());

    /// <summary>What a refused configuration, or rows, are told.</summary>
    public static string Refusal(Action act) => Assert.Throws<DriverException>(act).Message;

    /// <summary>What a failed reading says.</summary>
    public static async Task<string> RefusalAsync(Func<Task> act) => (await Assert.ThrowsAsync<DriverException>(act)).Message;

    /// <summary>Reads a group by its name.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadGroupAsync(IGroupedTables driver, string group, CancellationToken cancellationToken = default) =>
        await driver.ReadAsync(driver.Groups.Single(g => g.Name == group), cancellationToken);
}
