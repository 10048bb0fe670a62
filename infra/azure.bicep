// Registers Landa as a bot with Azure, and lets Teams speak to it. Landa itself may run anywhere:
//   az deployment group create -g <group> -f infra/azure.bicep \
//     -p appId=<MicrosoftAppId> tenantId=<MicrosoftAppTenantId> publicUrl=https://landa.example.se
// It stores nothing and costs nothing: the plan is free, and what people write only passes through.

@description('Name of the bot in Azure, unique in its resource group.')
@minLength(4)
@maxLength(42)
param botName string = 'landa'

@description('The same as PUBLIC_URL: where Teams reaches Landa.')
param publicUrl string

@description('The same as MicrosoftAppId: of the app registration, or of the managed identity.')
param appId string

@description('The same as MicrosoftAppTenantId.')
param tenantId string = tenant().tenantId

@description('The same as MicrosoftAppType. UserAssignedMSI needs no secret, and works where Landa itself runs in Azure.')
@allowed(['SingleTenant', 'UserAssignedMSI'])
param appType string = 'SingleTenant'

@description('Only for UserAssignedMSI: the resource id of the managed identity.')
param identityResourceId string = ''

@description('Where the registration is kept: westeurope keeps it within the EU.')
@allowed(['westeurope', 'global'])
param location string = 'westeurope'

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: botName
  kind: 'azurebot'
  location: location
  sku: {
    name: 'F0'
  }
  properties: {
    displayName: 'Landa'
    endpoint: '${publicUrl}/api/messages'
    msaAppId: appId
    msaAppType: appType
    msaAppTenantId: tenantId
    msaAppMSIResourceId: appType == 'UserAssignedMSI' ? identityResourceId : null
    // What people write is no telemetry.
    developerAppInsightKey: ''
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: location
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      enableCalling: false
    }
  }
}

output messagingEndpoint string = bot.properties.endpoint
