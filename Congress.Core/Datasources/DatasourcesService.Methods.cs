using System.Text.Json;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources.Serving;
using Congress.Diagnostics;

namespace Congress.Datasources;

/// <summary>How datasources are created, changed and deleted.</summary>
public sealed partial class DatasourcesService
{
    /// <summary>What is to be told of a change before it is answered: the policy engines, which must know of new tables, and other nodes with datasources.</summary>
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(2);

    private void AddMethods()
    {
        Methods.Add(DatasourceMethods.Create, (asked, _, token) => CreateAsync(asked, token));
        Methods.Add(DatasourceMethods.Update, (asked, _, token) => UpdateAsync(asked, token));
        Methods.Add(DatasourceMethods.Delete, (asked, _, token) => DeleteAsync(asked, token));
        Methods.Add(DatasourceMethods.List, async (_, _, token) =>
        {
            await CatchUpAsync(token).ConfigureAwait(false);
            return [.. _datasources.Select(AnswerOf)];
        });
        Methods.Add(DatasourceMethods.Drivers, (_, _, _) => ValueTask.FromResult<IReadOnlyList<DriverAnswer>>(
            [.. _options.Drivers.All.Select(d => new DriverAnswer(d.Name, d.Description, d.Options, d.Tables))]));
        Methods.Add(StoreChanges.CatchUp, async (_, _, token) =>
        {
            await CatchUpAsync(token).ConfigureAwait(false);
            return true;
        });
    }

    private async ValueTask<DatasourceAnswer> CreateAsync(DatasourceRequest asked, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var datasource = await CheckAsync(new(asked.Id, asked.Name ?? "", asked.Driver ?? "", asked.Description, asked.IsEnabled ?? true, asked.Config ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal), [], null)).ConfigureAwait(false);
        if (!(_datasources.FirstOrDefault(d => d.Id == asked.Id) is { } same && same.Name == datasource.Name && IsSame(same, datasource)))   // else a request that comes again
        {
            await _options.Store.CreateAsync(datasource, cancellationToken).ConfigureAwait(false);
        }

        await ChangedAsync(cancellationToken).ConfigureAwait(false);
        return AnswerOf(datasource);
    }

    private async ValueTask<DatasourceAnswer> UpdateAsync(DatasourceRequest asked, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var before = Require(asked.Id);
        if (before.Unreadable is { } unreadable && asked.Config is null)
        {
            throw new DatasourceException(DatasourceFailure.BadOption, $"{unreadable}. Give the configuration anew, as 'config'");
        }

        var config = asked.Config?.ToDictionary(
            c => c.Key,
            c => c.Value.ValueKind == JsonValueKind.String && c.Value.ValueEquals(DriverRegistry.Hidden) && before.Config.TryGetValue(c.Key, out var kept) ? kept : c.Value,
            StringComparer.Ordinal);
        var datasource = await CheckAsync(before with
        {
            Name = asked.Name ?? before.Name,
            Driver = asked.Driver ?? before.Driver,
            Description = asked.Description ?? before.Description,
            IsEnabled = asked.IsEnabled ?? before.IsEnabled,
            Config = config ?? before.Config,
            Unreadable = null,
        }).ConfigureAwait(false);
        await _options.Store.UpdateAsync(datasource, cancellationToken).ConfigureAwait(false);
        await ChangedAsync(cancellationToken).ConfigureAwait(false);
        return AnswerOf(datasource);
    }

    private async ValueTask<DatasourceAnswer> DeleteAsync(string nameOrId, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var datasource = Require(nameOrId);
        await _options.Store.DeleteAsync(datasource.Id, cancellationToken).ConfigureAwait(false);
        await ChangedAsync(cancellationToken).ConfigureAwait(false);
        return AnswerOf(datasource);
    }

    private DatasourceRecord Require(string nameOrId) =>
        _datasources.FirstOrDefault(d => d.Name == nameOrId) ?? _datasources.FirstOrDefault(d => d.Id == nameOrId)
        ?? throw new DatasourceException(DatasourceFailure.NoDatasource, $"Datasource not found {nameOrId}");

    /// <summary>Checks a datasource by making its driver, and finds out its tables.</summary>
    private async ValueTask<DatasourceRecord> CheckAsync(DatasourceRecord datasource)
    {
        var (factory, settings) = SettingsOf(datasource);
        try
        {
            DriverRegistry.Check(factory, datasource.Config);
        }
        catch (DriverException exception)
        {
            throw new DatasourceException(
                exception.Message.StartsWith(DriverRegistry.MissingOptions, StringComparison.Ordinal) ? DatasourceFailure.MissingOption : DatasourceFailure.BadOption, exception.Message, exception);
        }

        if (!Identifiers.IsValid(datasource.Name) || datasource.Name[0] == '_' || datasource.Name is "builtin" or "execute" || datasource.Name.Length > 128)
        {
            throw new DatasourceException(DatasourceFailure.BadName,
                $"Datasource name {datasource.Name} is invalid. Cannot be empty or start with underscore. Must be valid in policy language");
        }

        IDatasourceDriver? driver = null;
        try
        {
            _ = (settings.Number("poll_time", 10, 0, 1e9), settings.Flag("persist_data"));
            driver = factory.Create(settings);
            return datasource with { Tables = driver.Schema };
        }
        catch (Exception exception) when (exception is DriverException or ArgumentException)
        {
            throw new DatasourceException(DatasourceFailure.BadOption, exception.Message, exception);
        }
        finally
        {
            switch (driver)
            {
                case IAsyncDisposable disposable: await disposable.DisposeAsync().ConfigureAwait(false); break;
                case IDisposable disposable: disposable.Dispose(); break;
            }
        }
    }

    /// <summary>Has this node and all others do what the store says now. Who cannot be told finds out by itself, a little later.</summary>
    private async Task ChangedAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        _ = TellAsync(Name);   // not waited for: this node is among them, and is at work on a call
        await Task.WhenAll(_options.Told.Select(TellAsync)).ConfigureAwait(false);

        async Task TellAsync(string service)
        {
            try
            {
                await Calls.BroadcastAsync(service, StoreChanges.CatchUp, true, new() { Timeout = Telling }, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is CongressException or InvalidOperationException)
            {
                // They look by themselves.
            }
        }
    }

    private DatasourceAnswer AnswerOf(DatasourceRecord datasource) => new(
        datasource.Id, datasource.Name, datasource.Driver, datasource.Description, datasource.IsEnabled,
        _options.Drivers.Find(datasource.Driver) is { } factory ? DriverRegistry.Mask(factory, datasource.Config) : new Dictionary<string, JsonElement>(StringComparer.Ordinal),
        _failed.GetValueOrDefault(datasource.Id));
}
