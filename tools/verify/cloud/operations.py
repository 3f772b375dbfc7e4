"""Handlers for who is told, what may be spent and what is copied: SNS, Budgets, Backup.

The selections of backup plans are generic resources: moto has none.
"""

import json

from .resources import Handler, Made, handles, pick


@handles("AWS::SNS::TopicPolicy")
class TopicPolicy(Handler):
    def create(self, context, properties):
        for arn in properties["Topics"]:
            context.api("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"]))
        return Made(context.name(), Id=context.name())

    def update(self, context, made, old, new):
        for arn in new["Topics"]:
            context.api("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(new["PolicyDocument"]))
        return made


@handles("AWS::SNS::Subscription")
class Subscription(Handler):
    def create(self, context, properties):
        arn = context.api("sns").subscribe(ReturnSubscriptionArn=True, **pick(properties, "TopicArn", "Protocol", "Endpoint"))["SubscriptionArn"]
        return Made(arn, Arn=arn)

    def delete(self, context, made, properties):
        context.api("sns").unsubscribe(SubscriptionArn=made.id)


@handles("AWS::Budgets::Budget")
class Budget(Handler):
    def create(self, context, properties):
        budget = properties["Budget"]
        name = budget.get("BudgetName") or context.name(100)
        limit = {"Amount": str(budget["BudgetLimit"]["Amount"]), "Unit": budget["BudgetLimit"]["Unit"]}
        told = [{"Notification": one["Notification"] | {"Threshold": float(one["Notification"]["Threshold"])}, "Subscribers": one["Subscribers"]}
                for one in properties.get("NotificationsWithSubscribers", [])]
        context.api("budgets").create_budget(AccountId=context.account, NotificationsWithSubscribers=told,
                                             Budget={"BudgetName": name, "BudgetLimit": limit, **pick(budget, "BudgetType", "TimeUnit", "CostFilters")})
        return Made(name)

    def delete(self, context, made, properties):
        context.api("budgets").delete_budget(AccountId=context.account, BudgetName=made.id)
